import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CachedCloudAssembly, IoMessage, Toolkit } from '@aws-cdk/toolkit-lib';
import * as v from 'valibot';
import { errorMessage, UpstreamError } from '../../lambdas/errors';
import type { OnProgress } from '../plan/plan';
import { parseTemplate, type StackTemplate } from './stack-template';

/** The folder, region and variables with which CDK runs. */
export interface CdkCaller {
  /** The project's folder. The CDK app reads its `.env` by itself. */
  readonly directory: string;
  /** The region that was checked. Without it, CDK would use its own default. */
  readonly region: string;
  /** Settings that were looked up. They override `.env`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A CDK cloud assembly. It is compared first and then deployed unchanged. */
export interface Assembly {
  readonly cached: CachedCloudAssembly;
  /** By the stack's name. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
}

/** The service's credentials, if exported. CDK does not need them. */
const SECRETS = /^(ACCOUNT_SID|AUTH_TOKEN.*|AIRTABLE_.*API_KEY|TWILIO_API_KEY_.*|OKTA_.*)$/;
const CdkJson = v.pipe(v.string(), v.parseJson(), v.object({ app: v.string() }));

/** Synthesises the stacks' templates and their functions' bundles on this machine. @throws {UpstreamError} */
export function synthesise(caller: CdkCaller): Promise<Assembly> {
  const { directory, region, variables } = caller;
  return withToolkit(
    'synth',
    caller,
    () => {},
    async (toolkit) => {
      // Not the project's cdk.out, because a CDK process that still deploys from there keeps it locked.
      const outdir = await mkdtemp(join(tmpdir(), 'frontline-cdk-'));
      process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
      const { app } = v.parse(CdkJson, await readFile(join(directory, 'cdk.json'), 'utf8'));
      const secrets = Object.keys(process.env).filter((name) => SECRETS.test(name));
      const env = {
        ...Object.fromEntries(secrets.map((name) => [name, undefined])),
        ...variables,
        AWS_REGION: region,
      };
      const source = await toolkit.fromCdkApp(app, { workingDirectory: directory, outdir, env });
      const cached = await toolkit.synth(source);
      const templates = new Map<string, StackTemplate>();
      for (const { stackName, templateFullPath } of cached.cloudAssembly.stacks) {
        const text = await readFile(templateFullPath, 'utf8');
        templates.set(stackName, parseTemplate(text, `The synthesized template of ${stackName}`));
      }
      return { cached, templates };
    },
  );
}

/**
 * Deploys one stack of the assembly, without those that it refers to. It uses the caller's AWS environment, so that it
 * deploys to the account that was checked.
 */
export function deploy(
  { cached }: Assembly,
  stackName: string,
  caller: CdkCaller,
  onProgress: OnProgress,
): Promise<void> {
  return withToolkit('deploy', caller, onProgress, async (toolkit, library) => {
    const strategy = library.StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE;
    await toolkit.deploy(cached, { stacks: { strategy, patterns: [stackName] } });
  });
}

/** @param place such as `aws://111122223333/eu-west-1` */
export function bootstrap(place: string, caller: CdkCaller, onProgress: OnProgress): Promise<void> {
  return withToolkit('bootstrap', caller, onProgress, async (toolkit, { BootstrapEnvironments }) => {
    await toolkit.bootstrap(BootstrapEnvironments.fromList([place]));
  });
}

/** @throws {UpstreamError} with CDK's reason if it fails; all of its messages are kept in `.frontline/` */
async function withToolkit<T>(
  action: string,
  { directory, region }: CdkCaller,
  onProgress: OnProgress,
  use: (toolkit: Toolkit, library: typeof import('@aws-cdk/toolkit-lib')) => Promise<T>,
): Promise<T> {
  const library = await import('@aws-cdk/toolkit-lib');
  const messages: string[] = [];
  const toolkit = new library.Toolkit({
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: library.BaseCredentials.awsCliCompatible({ defaultRegion: region }) },
    ioHost: {
      notify: async (message) => {
        messages.push(message.message);
        const progress = progressOf(message);
        if (progress !== null) onProgress(progress);
      },
      requestResponse: async ({ defaultResponse }) => defaultResponse,
    },
  });
  try {
    return await use(toolkit, library);
  } catch (error) {
    const logFile = join(directory, '.frontline', `cdk-${action}.log`);
    await mkdir(dirname(logFile), { recursive: true });
    await writeFile(logFile, messages.join('\n'));
    const reason = errorMessage(error);
    throw new UpstreamError(`cdk ${action} failed: ${reason}\nFull output: ${logFile}`, { cause: error });
  }
}

const Activity = v.object({
  event: v.object({ LogicalResourceId: v.string(), ResourceStatus: v.string() }),
  progress: v.object({ completed: v.number(), total: v.optional(v.number()) }),
});

/** The progress in a message; null if it has none that a person wants to see. */
export function progressOf({
  level,
  message,
  data,
}: Pick<IoMessage<unknown>, 'level' | 'message' | 'data'>): string | null {
  const activity = v.safeParse(Activity, data);
  if (activity.success) {
    const { event, progress } = activity.output;
    const { completed, total = '?' } = progress;
    return `${completed} of ${total}, ${event.LogicalResourceId} ${event.ResourceStatus}`;
  }
  return level === 'info' ? message.trim() || null : null;
}

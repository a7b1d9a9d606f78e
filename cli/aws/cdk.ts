import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { UpstreamError } from '../../lambdas/errors';

/** Where and as whom the CDK command line runs. */
export interface CdkCaller {
  /** The project's folder. What is in its `.env` CDK's app reads by itself. */
  readonly directory: string;
  /** The region that was looked at: without any, CDK would take one of its own choice. */
  readonly region: string;
  /** Settings that were found out and are in no `.env`; they win over it. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Credentials of ours, where they are exported. What CDK makes knows nothing of them. */
const SECRETS = /^(ACCOUNT_SID|AUTH_TOKEN.*|AIRTABLE_.*API_KEY|OKTA_.*)$/;

/**
 * Runs the project's own CDK command line to its end, with the caller's own AWS environment and none of `.env`: it has
 * to be the same account that we look at. Where it fails, all that it wrote is kept in `.frontline/`.
 * @param tell is told each line, cut down to what a person follows
 * @throws {UpstreamError} with CDK's reason where it fails
 */
export async function runCdk(
  args: readonly string[],
  { directory, region, variables }: CdkCaller,
  tell: (progress: string) => void,
): Promise<void> {
  const [command = ''] = args;
  const logFile = join(directory, '.frontline', `cdk-${command}.log`);
  const output: string[] = [];
  const errors: string[] = [];
  const program = join(directory, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const child = spawn(process.execPath, [program, ...args, '--ci', '--no-notices'], {
    cwd: directory,
    env: {
      ...withoutSecrets(process.env),
      ...variables,
      AWS_REGION: region,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A CDK that outlived us would begin a deployment behind the back of whoever runs this again.
  const end = () => child.kill();
  process.once('exit', end);
  try {
    const ending = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          output.push(line);
          if (stream === child.stderr) errors.push(line);
          const progress = progressIn(line);
          if (progress !== null) tell(progress);
        });
      }
      child.on('error', reject).on('close', (status, signal) => resolve(status ?? signal));
    });
    if (ending === 0) return;
    await mkdir(dirname(logFile), { recursive: true });
    await writeFile(logFile, output.join('\n'));
    throw typeof ending === 'number'
      ? new UpstreamError(
          `cdk ${command} failed: ${reasonIn(output, errors)}\nEverything that it said is in ${logFile}`,
        )
      : new UpstreamError(
          `cdk ${command} was ended (${ending}). What CloudFormation has begun it goes on with: run this again, and it is waited for`,
        );
  } finally {
    process.off('exit', end);
  }
}

function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRETS.test(name)));
}

/** `FrontlineAirtable |  9/40 | 7:32:06 AM | CREATE_COMPLETE | AWS::IAM::Role | CrmCallbackRole (CrmCallbackRole82ABB5AA)` */
const EVENT = /^\S+ \| +(\d+)\/(\d+) \| [^|]+\| (\w+) +\| \S+ +\| (\S+)/;

/** What a person wants to know of a line; null for nothing. */
export function progressIn(line: string): string | null {
  const [, done, all, status, what] = EVENT.exec(line) ?? [];
  if (what !== undefined) return `${done} of ${all}, ${what} ${status}`;
  return line.trim() || null;
}

/** Lines that give no reason: progress, warnings, the frames of a stack. */
const NO_REASON = /^(Bundling asset .*|\[Warning.*|at .+:\d+\)?( \{)?|)$/;
const LAST_LINES = 12;

/**
 * CDK's own words for why it failed.
 * @param output all that it wrote, for the events in which CloudFormation says what could not be made
 * @param errors what of that it wrote to stderr, which with `--ci` are the errors
 */
export function reasonIn(output: readonly string[], errors: readonly string[]): string {
  const failures = output.filter((line) => / \| \w+_FAILED +\| /.test(line)).map(afterStatus);
  const said = errors.map((line) => line.trim()).filter((line) => !NO_REASON.test(line));
  const reason = [...new Set([...failures, ...said.slice(-LAST_LINES)])].join('\n');
  return reason || 'it does not say why';
}

/** An event's line from its status on: `CREATE_FAILED | AWS::IAM::Role | CrmCallbackRole (…) why`. */
function afterStatus(line: string): string {
  return line.replace(/^.*?\| (\w+_FAILED) +\| (\S+) +\| /, '$1 $2 ');
}

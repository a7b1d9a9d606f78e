import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { UpstreamError } from '../../lambdas/errors';

/** The folder, region and variables with which the CDK command line runs. */
export interface CdkCaller {
  /** The project's folder. The CDK app reads its `.env` by itself. */
  readonly directory: string;
  /** The region that was checked. Without it, CDK would use its own default. */
  readonly region: string;
  /** Settings that were looked up. They override `.env`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The service's credentials, if exported. CDK does not need them. */
const SECRETS = /^(ACCOUNT_SID|AUTH_TOKEN.*|AIRTABLE_.*API_KEY|OKTA_.*)$/;

/**
 * Runs the project's own CDK command line to its end. It uses the caller's AWS environment without `.env`, so that it
 * deploys to the account that was checked. If it fails, its whole output is kept in `.frontline/`.
 * @param tell receives the progress in each line
 * @throws {UpstreamError} with CDK's reason if it fails
 */
export async function runCdk(
  args: readonly string[],
  { directory, region, variables }: CdkCaller,
  onProgress: (progress: string) => void,
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
  // A CDK process that outlives this one could deploy at the same time as the next run.
  const end = () => child.kill();
  process.once('exit', end);
  try {
    const ending = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          output.push(line);
          if (stream === child.stderr) errors.push(line);
          const progress = progressIn(line);
          if (progress !== null) onProgress(progress);
        });
      }
      child.on('error', reject).on('close', (status, signal) => resolve(status ?? signal));
    });
    if (ending === 0) return;
    await mkdir(dirname(logFile), { recursive: true });
    await writeFile(logFile, output.join('\n'));
    throw typeof ending === 'number'
      ? new UpstreamError(`cdk ${command} failed: ${reasonIn(output, errors)}\nFull output: ${logFile}`)
      : new UpstreamError(
          `cdk ${command} was terminated (${ending}). CloudFormation continues what it started: run this again to wait for it`,
        );
  } finally {
    process.off('exit', end);
  }
}

function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRETS.test(name)));
}

/** An event's line: `TheStack |  9/40 | 7:32:06 AM | CREATE_COMPLETE | AWS::IAM::Role | CrmRole (CrmRole82ABB5AA)` */
const EVENT = /^\S+ \| +(\d+)\/(\d+) \| [^|]+\| (\w+) +\| \S+ +\| (\S+)/;

/** The progress in a line; null if absent. */
export function progressIn(line: string): string | null {
  const [, done, all, status, what] = EVENT.exec(line) ?? [];
  if (what !== undefined) return `${done} of ${all}, ${what} ${status}`;
  return line.trim() || null;
}

/** Lines without a reason: progress, warnings, stack frames. */
const NO_REASON = /^(Bundling asset .*|\[Warning.*|at .+:\d+\)?( \{)?|)$/;
const LAST_LINES = 12;

/**
 * CDK's own reason for a failure.
 * @param output its whole output, which has the CloudFormation events of failed resources
 * @param errors its stderr, which with `--ci` holds only the errors
 */
export function reasonIn(output: readonly string[], errors: readonly string[]): string {
  const failures = output.filter((line) => / \| \w+_FAILED +\| /.test(line)).map(afterStatus);
  const said = errors.map((line) => line.trim()).filter((line) => !NO_REASON.test(line));
  const reason = [...new Set([...failures, ...said.slice(-LAST_LINES)])].join('\n');
  return reason || 'no reason given';
}

/** An event's line from its status on: `CREATE_FAILED | AWS::IAM::Role | CrmCallbackRole (…) why`. */
function afterStatus(line: string): string {
  return line.replace(/^.*?\| (\w+_FAILED) +\| (\S+) +\| /, '$1 $2 ');
}

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { attempt, type CommandResult, endGroup } from './command';
import { leaveOutSavedQueries } from './deployed-stack';
import { type MiniStack, REGION, ROOT } from './ministack';

/** Prevents the SDK from requesting credentials from the metadata endpoint of a machine at AWS. */
const NO_AWS = { AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' };

/** A person with a checkout, a terminal, and perhaps an AWS account, isolated from the rest of this machine. */
export class Operator {
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    readonly checkout: string,
    cloud: MiniStack | null,
    private readonly signal: AbortSignal,
    further: Readonly<Record<string, string>> = {},
  ) {
    const home = `${checkout}-home`;
    mkdirSync(home);
    leaveOutSavedQueries(home);
    this.#env = { ...(cloud === null ? NO_AWS : awsVariables(cloud)), ...plainShell(home), ...further };
  }

  /** Writes `.env` as a person does. */
  writeSettings(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(this.checkout, '.env'), `# Ours\n${lines.join('\n')}\n`);
  }

  /** Runs one of the project's commands to its end. */
  run(command: string, ...words: readonly string[]): Promise<CommandResult> {
    return attempt(process.execPath, programFor(command, words), {
      env: this.#env,
      cwd: this.checkout,
      signal: this.signal,
    });
  }

  /**
   * Runs a command and kills it, with all that it started, when the signal comes.
   * @param seen receives each line that it writes.
   * @returns its status, null if it was killed.
   */
  async runUntil(
    killed: AbortSignal,
    command: string,
    words: readonly string[],
    seen: (line: string) => void = () => {},
  ): Promise<CommandResult> {
    this.signal.throwIfAborted();
    const child = spawn(process.execPath, programFor(command, words), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#env,
      cwd: this.checkout,
    });
    const end = () => endGroup(child);
    for (const signal of [killed, this.signal]) signal.addEventListener('abort', end, { once: true });
    const lines: string[] = [];
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        seen(line);
      });
    }
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    for (const signal of [killed, this.signal]) signal.removeEventListener('abort', end);
    this.signal.throwIfAborted();
    return { status, output: lines.join('\n') };
  }
}

/** The environment that makes a command use the emulator as AWS. */
export function awsVariables(cloud: MiniStack): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ENDPOINT_URL_S3: cloud.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  };
}

function plainShell(home: string): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: home,
    TMPDIR: home,
    CI: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  };
}

/** As in package.json. */
function programFor(command: string, words: readonly string[]): string[] {
  return ['cli/frontline.mjs', command, ...words];
}

import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { functionLogFile } from '../../../cli/logs/local-log';
import { Command } from '../start/child-process';

let directory: string;
const commands: Command[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-'));
});
afterEach(async () => {
  await Promise.all(commands.splice(0).map((command) => command.kill()));
  await rm(directory, { recursive: true });
});

function run(script: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  const command = new Command(script, words, { directory, environment: { PORT: '0', ...environment } });
  commands.push(command);
  return command;
}

const logs = (...words: readonly string[]) => run('logs', words);

/** Writes a log as `npm start` does. */
async function keepLog(...lines: readonly string[]): Promise<void> {
  await mkdir(dirname(functionLogFile(directory)), { recursive: true });
  await writeFile(functionLogFile(directory), lines.map((line) => `${line}\n`).join(''));
}

function answered(worker: string, at: number): string {
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ callback: 'crm', status: 200, milliseconds: 1, timestamp, worker });
}

describe('npx frontline logs --local', () => {
  test('shows the responses of npm start, formatted or verbatim', async () => {
    const started = run('start', ['--json']);
    const [, url = ''] = await started.message(/(http:\/\/localhost:\d+)\/callbacks\/crm/);
    await started.message(/To try next/);
    await run('callback', ['GetCustomersList', '--url', url]).ended;
    await run('callback', ['GetCustomersList', '--url', url, '--unsigned']).ended;
    const [written = ''] = await started.message(/^\{"level":"INFO","message":"callback answered".*\}$/m);
    await started.message(/^\{"level":"WARN".*\}$/m);

    const [all, errors, json] = await Promise.all([
      logs('--local').ended,
      logs('--local', '--errors').ended,
      logs('--local', '--json', '--worker', 'ana@example.com').ended,
    ]);

    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(all.stdout).toMatch(/✓ 200 {2}crm GetCustomersList +ana@example\.com +\d+ ms/);
    expect(all.stdout).not.toContain('sync ran');
    expect(all.stdout).toMatch(/✗ 403 {2}crm .*\n {4}NotSigned: The request has no X-Twilio-Signature\n/);
    expect(errors.stdout).not.toContain('✓ 200');
    expect(errors.stdout).toContain('✗ 403');
    expect(json.stdout).toBe(`${written}\n`);
  });

  test('leaves out older events, and if none match names the filter, the time and the source', async () => {
    await keepLog(answered('ana', Date.now() - 2 * 3_600_000), answered('ben', Date.now()));

    const [lately, ana, json] = await Promise.all([
      logs('--local').ended,
      logs('--local', '--worker', 'ana').ended,
      logs('--local', '--worker', 'ana', '--json').ended,
    ]);

    expect(lately.stdout).toMatch(/ben/);
    expect(lately.stdout).not.toMatch(/ana/);
    expect(ana.stdout).toMatch(
      /^Found nothing by ana since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d in .*service\.log\n$/,
    );
    expect(ana.status).toBe(0);
    expect(json.stdout).toBe('');
  });

  test('continues with --follow until it is stopped, and follows a log that is truncated', async () => {
    await keepLog(answered('first', Date.now()));

    const following = logs('--local', '--follow');
    await following.message(/first/);
    await appendFile(functionLogFile(directory), `${answered('second', Date.now())}\n`);
    await following.message(/second/);
    await keepLog(answered('third', Date.now()));
    await following.message(/third/);
    following.signal('SIGINT');
    const { status, stdout, stderr } = await following.ended;

    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
  });

  test('names the missing log, and how to get one', async () => {
    const { status, stderr } = await logs('--local').ended;

    expect(status).toBe(1);
    expect(stderr).toContain(functionLogFile(directory));
  });
});

describe('npx frontline logs', () => {
  test('names the settings that are missing to read from AWS', async () => {
    const { status, stderr } = await run('logs', [], {
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: join(directory, 'none'),
      AWS_CONFIG_FILE: join(directory, 'none'),
    }).ended;

    expect(status).toBe(1);
    expect(stderr).toContain('No AWS credentials found: set AWS_PROFILE, or run aws configure');
    expect(stderr).toContain('npx frontline logs --local');
    expect(stderr).not.toContain('    at ');
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { CERTIFICATE } from '../../emulators/okta/saml-metadata';
import { anOkta, TOKEN } from '../../emulators/okta/serve';
import { Command } from '../start/child-process';
import { environmentOf, REALM_SID, writesOf } from './run';

const PEOPLE = ['ana', 'bo'].map((login) => ({ login }));

let directory: string;
const running: Command[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-okta-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((command) => command.kill()));
  await rm(directory, { recursive: true });
});

function start(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  const command = new Command('okta', words, { directory, environment });
  running.push(command);
  return command;
}

const exported = (okta: OktaEmulator): NodeJS.ProcessEnv => ({ ...environmentOf(okta) });

describe('npx frontline okta', () => {
  test('applies all changes with --yes, prints the values to paste, and exits with 0', async () => {
    const okta = await anOkta({ people: PEOPLE });

    const { status, stdout, stderr } = await start(['--yes', '--user', 'ana'], exported(okta)).ended;

    expect([status, stderr]).toEqual([0, '']);
    const [, pem = ''] = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(stdout) ?? [];
    expect(pem.replaceAll('\n', '')).toBe(CERTIFICATE.replaceAll('\n', ''));
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain(TOKEN);
    expect(okta.applications()).toHaveLength(1);
  });

  test('reads .env, and the environment overrides it', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const lines = { ...environmentOf(okta), SSO_REALM_SID: 'JB', OKTA_API_TOKEN: TOKEN };
    const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(directory, '.env'), text.join(''));

    const { status } = await start(['--yes', '--user', 'ana'], { SSO_REALM_SID: REALM_SID }).ended;

    expect(status).toBe(0);
  });

  test.each([
    ['a name that Okta does not know', {}, 'No Okta user with login'],
    ['a missing value', { OKTA_API_TOKEN: '' }, 'OKTA_API_TOKEN is missing'],
    ['an invalid token', { OKTA_API_TOKEN: `${TOKEN} x` }, 'OKTA_API_TOKEN'],
    ['a token that Okta rejects', { OKTA_API_TOKEN: `${TOKEN}x` }, 'OKTA_API_TOKEN was rejected'],
  ])(
    'exits with 1 for %s, with a message and without a stack or the token',
    async (_what, values, reason) => {
      const okta = await anOkta();
      const command = start(['--yes', '--user', 'zoe'], { ...exported(okta), ...values });

      const { status, stdout, stderr } = await command.ended;

      expect(status).toBe(1);
      expect(stderr).toContain(reason);
      expect(stdout + stderr).not.toContain(TOKEN);
      expect(stderr).not.toContain('    at ');
      expect(writesOf(okta)).toEqual([]);
    },
  );

  test.each([
    ['an unexpected argument', ['ana']],
    ['a blank name', ['--yes', '--user', ' ']],
    ['no terminal', []],
  ])('exits with 2 for %s, without a request to Okta', async (_what, words) => {
    const okta = await anOkta();

    const { status, stderr } = await start(words, exported(okta)).ended;

    expect([status, stderr]).toEqual([2, expect.stringContaining('--help')]);
    expect(okta.requests).toEqual([]);
  });

  test('exits with 130 when interrupted, and says that it can continue', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const reached = new Promise<void>((resolve) => {
      okta.faults.always({ kind: 'stalled' }, () => {
        resolve();
        return true;
      });
    });
    const command = start(['--yes', '--user', 'ana'], exported(okta));
    await reached;

    command.signal('SIGINT');

    expect(await command.ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('run it again'),
    });
  });
});

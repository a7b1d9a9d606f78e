import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { memoize } from '../../../cli/plan/memoize';
import { EnvFile } from '../../../cli/settings/env-file';
import { inboxOffStep, inboxSettingsStep, inboxVariables } from '../../../cli/setup/inbox-settings';
import type { Environment, Routing } from '../../../lambdas/config-schema';
import { withDotEnv } from '../../../lib/deployment-configuration';

const TEXT = '# Ours\nACCOUNT_SID=AC1\nINBOX=\nROUTING=\n';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'frontline-inbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The steps for a `.env` with this text. */
async function stepsFor(
  text: string,
  {
    routing = 'service',
    exported = {},
  }: { readonly routing?: Routing; readonly exported?: Environment } = {},
) {
  const path = join(folder, '.env');
  await writeFile(path, text);
  const place = {
    environment: withDotEnv(folder, exported),
    exported: new Set(Object.keys(exported)),
    envFile: new EnvFile(path),
    template: '',
  };
  const settings = { ...place, routing: async () => routing };
  return {
    on: inboxSettingsStep(
      settings,
      memoize(() => inboxVariables(settings)),
    ),
    off: inboxOffStep(place),
    written: () => readFile(path, 'utf8'),
  };
}

describe('turning the inbox on', () => {
  test('is one change of .env, which shows both settings and keeps the rest of the file', async () => {
    const { on, written } = await stepsFor(TEXT);

    const [change] = (await on.plan()).changes;

    expect(change).toMatchObject({
      summary: expect.stringContaining('(ROUTING=service)'),
      diff: [
        { what: 'INBOX', from: null, to: 'true' },
        { what: 'ROUTING', from: null, to: 'service' },
      ],
    });
    expect(await written()).toBe(TEXT);
    await change?.apply(() => {});
    expect(await written()).toBe('# Ours\nACCOUNT_SID=AC1\nINBOX=true\nROUTING=service\n');
  });

  test('keeps a routing that was chosen', async () => {
    const { on } = await stepsFor('ROUTING=Frontline\n');

    expect((await on.plan()).changes).toMatchObject([{ diff: [{ what: 'INBOX', from: null, to: 'true' }] }]);
  });

  test('chooses Frontline as routing for an account that has it', async () => {
    const { on } = await stepsFor('INBOX=true\n', { routing: 'frontline' });

    expect((await on.plan()).changes).toMatchObject([
      { diff: [{ what: 'ROUTING', from: null, to: 'frontline' }] },
    ]);
  });

  test('changes nothing if both are there', async () => {
    const { on } = await stepsFor('INBOX=true\nROUTING=service\n');

    expect(await on.plan()).toEqual({
      upToDate: ['The inbox is on; this service gives new chats a worker (ROUTING=service)'],
      changes: [],
      manualSteps: [],
    });
  });

  test('is refused if the environment overrides .env', async () => {
    const { on } = await stepsFor('', { exported: { INBOX: 'false' } });

    await expect(on.plan()).rejects.toThrow('INBOX is set in the environment, which overrides .env');
  });
});

describe('turning the inbox off', () => {
  test('clears INBOX and keeps the rest', async () => {
    const { off, written } = await stepsFor('INBOX=true # since May\nROUTING=service\n');

    for (const { apply } of (await off.plan()).changes) await apply(() => {});

    expect(await written()).toBe('INBOX= # since May\nROUTING=service\n');
  });

  test('changes nothing if it is off', async () => {
    const { off } = await stepsFor('ROUTING=service\n');

    expect((await off.plan()).changes).toEqual([]);
  });

  test('is left to a person if the environment overrides .env', async () => {
    const { off } = await stepsFor('', { exported: { INBOX: 'true' } });

    expect(await off.plan()).toMatchObject({ changes: [], manualSteps: [{ fix: 'Unset it there' }] });
  });
});

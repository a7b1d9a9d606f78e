import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Approval } from '../../../cli/plan/apply';
import { EnvFile } from '../../../cli/settings/env-file';
import { type Stage, VARIABLE } from '../../../cli/setup/config-variables';
import { collectValues } from '../../../cli/setup/prompt-for-config';
import type { Environment } from '../../../lambdas/config';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { withDotEnv } from '../../../lib/deployment-configuration';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';

const SID = `AC${'0'.repeat(32)}`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-values-'));
  path = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Values of all variables that these stages do not prompt for. */
function settingsElsewhere(stages: readonly Stage[]): Environment {
  const asked = stages.flatMap(({ variables }) => variables.map(({ name }) => name));
  const all = { AIRTABLE_API_KEY: 'patA.0', AIRTABLE_BASE_ID: 'appA', TWILIO_SMS_NUMBER: '+14135550101' };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !asked.includes(name)));
}

/** An account whose only token is "good". */
const ACCOUNT: Stage = {
  variables: [VARIABLE.accountSid, VARIABLE.authToken],
  choices: async () => [],
  verify: async ({ AUTH_TOKEN }) => ({
    confirmed: 'Twilio knows the account',
    problems:
      AUTH_TOKEN === 'good' ? [] : [{ variable: 'AUTH_TOKEN', what: 'Wrong AUTH_TOKEN', fix: 'Copy it' }],
  }),
};

const NUMBER: Stage = {
  variables: [VARIABLE.smsNumber],
  choices: async () => [{ value: '+14135550100', label: 'Main' }],
  verify: async () => ({ confirmed: null }),
};

const WHATSAPP: Stage = {
  variables: [VARIABLE.whatsappNumber],
  choices: async () => [],
  verify: async () => ({ confirmed: null }),
};

async function collect(stages: readonly Stage[], approval: Approval, exported: Environment = {}) {
  const { screen, text } = aScreen();
  const environment = { ...settingsElsewhere(stages), ...withDotEnv(folder, exported) };
  const collected = collectValues(stages, {
    environment,
    exported: new Set(Object.keys(exported)),
    envFile: new EnvFile(path),
    template: '# the account\nACCOUNT_SID=\nAUTH_TOKEN=\n',
    screen,
    approval,
  });
  return { ...(await collected), screen: text() };
}

/** Collects with these answers to the prompts. */
async function ask(stages: readonly Stage[], answers: readonly (string | boolean)[], exported?: Environment) {
  const prompts = scriptedPrompts(answers);
  const collected = await collect(stages, { kind: 'asked', prompts }, exported);
  return { ...collected, asked: prompts.asked };
}

describe('prompts for values', () => {
  test('save the missing values in .env, readable by its owner alone', async () => {
    const { environment } = await ask([ACCOUNT, NUMBER, WHATSAPP], [SID, 'good', '+14135550100', '']);

    expect(environment).toMatchObject({
      ACCOUNT_SID: SID,
      AUTH_TOKEN: 'good',
      TWILIO_SMS_NUMBER: '+14135550100',
    });
    expect(readFileSync(path, 'utf8')).toBe(
      `# the account\nACCOUNT_SID=${SID}\nAUTH_TOKEN=good\nTWILIO_SMS_NUMBER=+14135550100\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('are skipped if all values are present and valid, and .env stays unchanged', async () => {
    const before = `AUTH_TOKEN=good\nACCOUNT_SID=${SID}\nTWILIO_SMS_NUMBER=+14135550100\n`;
    writeFileSync(path, before);
    const { asked } = await ask([ACCOUNT, NUMBER, WHATSAPP], []);

    expect([asked, readFileSync(path, 'utf8')]).toEqual([[], before]);
  });

  test('repeat only for the value that the real service rejects, or for its stage after Enter', async () => {
    const { screen, environment, asked } = await ask([ACCOUNT], [SID, 'bad', '', SID, 'bad', 'good']);

    const again = 'AUTH_TOKEN (Enter to change ACCOUNT_SID too)';
    expect(asked).toEqual([...['ACCOUNT_SID', 'AUTH_TOKEN', again], ...['ACCOUNT_SID', 'AUTH_TOKEN', again]]);
    expect(screen).toContain('✗ Wrong AUTH_TOKEN\n      Copy it\n');
    expect(environment['AUTH_TOKEN']).toBe('good');
  });

  test('repeat for a doubtful optional value unless it is to be kept, and the doubt is kept, too', async () => {
    const warnings = [{ what: 'No such sender', fix: 'Correct it' }];
    const stage: Stage = { ...WHATSAPP, verify: async () => ({ confirmed: null, warnings }) };
    const number = '+14135550199';
    const collected = await ask([ACCOUNT, stage], [SID, 'good', number, false, number, true]);

    const label = 'TWILIO_WHATSAPP_NUMBER (optional, Enter to skip)';
    expect(collected.asked.slice(2)).toEqual([label, 'Keep it?', label, 'Keep it?']);
    expect(collected.warnings).toEqual(warnings);
    expect(collected.screen).toContain('! No such sender');
  });

  test('accept the URL of a base for its ID', async () => {
    const base: Stage = { ...NUMBER, variables: [VARIABLE.airtableBaseId], choices: async () => [] };
    const { environment } = await ask(
      [ACCOUNT, base],
      [SID, 'good', 'https://airtable.com/appA1/tblB2/viwC3?blocks=hide'],
    );

    expect(environment['AIRTABLE_BASE_ID']).toBe('appA1');
    expect(readFileSync(path, 'utf8')).toContain('AIRTABLE_BASE_ID=appA1\n');
  });

  test('do not repeat a value that could not be verified because the service did not respond', async () => {
    let calls = 0;
    const OUT_OF_REACH: Stage = {
      ...ACCOUNT,
      verify: async () => {
        calls += 1;
        if (calls === 1) throw new ServiceUnavailableError('Twilio does not respond', 0);
        return { confirmed: 'Twilio knows the account' };
      },
    };
    const { screen, asked } = await ask([OUT_OF_REACH], [SID, 'good', true]);

    expect(asked).toEqual(['ACCOUNT_SID', 'AUTH_TOKEN', 'Retry?']);
    expect(screen).toContain('✗ ACCOUNT_SID, AUTH_TOKEN could not be verified: Twilio does not respond');
  });

  test('are skipped for optional values that are exported as blank', async () => {
    const { asked } = await ask([ACCOUNT, WHATSAPP], [SID, 'good'], { TWILIO_WHATSAPP_NUMBER: '' });

    expect(asked).toEqual(['ACCOUNT_SID', 'AUTH_TOKEN']);
  });

  test('report a malformed value at once', async () => {
    const { asked } = await ask([ACCOUNT], ['AC12', SID, 'good']);

    expect(asked).toEqual(['ACCOUNT_SID', 'ACCOUNT_SID', 'AUTH_TOKEN']);
  });

  test('keep the values that were entered before an interruption', async () => {
    const stopping = scriptedPrompts([SID, 'good']);
    await expect(collect([ACCOUNT, NUMBER], { kind: 'asked', prompts: stopping })).rejects.toThrow();
    const { asked } = await ask([ACCOUNT, NUMBER], ['+14135550100']);

    expect(asked).toEqual(['TWILIO_SMS_NUMBER']);
  });

  test('report that the environment overrides .env if an exported value is invalid', async () => {
    const prompts = scriptedPrompts([]);

    await expect(
      collect([ACCOUNT], { kind: 'asked', prompts }, { ACCOUNT_SID: SID, AUTH_TOKEN: 'bad' }),
    ).rejects.toThrow('AUTH_TOKEN is set in the environment, which overrides .env');
  });
});

describe('without an interactive terminal', () => {
  test('everything that is missing or malformed is named at once', async () => {
    writeFileSync(path, 'ACCOUNT_SID=AC1\nAUTH_TOKEN=bad\n');

    await expect(collect([ACCOUNT, NUMBER], { kind: 'given' })).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/^ACCOUNT_SID is malformed/),
        expect.stringMatching(/^TWILIO_SMS_NUMBER is missing/),
      ],
    });
  });

  test('everything that the real services reject is named at once, and never a secret', async () => {
    writeFileSync(path, `ACCOUNT_SID=${SID}\nAUTH_TOKEN=bad\nTWILIO_SMS_NUMBER=+14135550100\n`);
    const down: Stage = { ...NUMBER, verify: () => Promise.reject(new ServiceUnavailableError('Down', 0)) };

    await expect(collect([ACCOUNT, down], { kind: 'given' })).rejects.toMatchObject({
      problems: [
        'Wrong AUTH_TOKEN. Copy it',
        expect.stringMatching(/^TWILIO_SMS_NUMBER could not be verified: Down/),
      ],
    });
  });

  test('an optional value that cannot be verified is a warning', async () => {
    writeFileSync(path, `ACCOUNT_SID=${SID}\nAUTH_TOKEN=good\nTWILIO_WHATSAPP_NUMBER=+14135550100\n`);
    const down: Stage = { ...WHATSAPP, verify: () => Promise.reject(new ServiceUnavailableError('Down', 0)) };

    const { warnings } = await collect([ACCOUNT, down], { kind: 'given' });

    expect(warnings).toMatchObject([{ what: expect.stringContaining('could not be verified') }]);
  });

  test('.env is closed to others', async () => {
    writeFileSync(path, `ACCOUNT_SID=${SID}\nAUTH_TOKEN=good\n`, { mode: 0o644 });

    await collect([ACCOUNT], { kind: 'given' });

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

test('settings without a prompt must be fixed before the first prompt', async () => {
  writeFileSync(path, 'DEFAULT_COUNTRY=Atlantis\n');
  const prompts = scriptedPrompts([]);

  await expect(collect([ACCOUNT], { kind: 'asked', prompts })).rejects.toThrow(
    'DEFAULT_COUNTRY is malformed',
  );
});

test('a dry run writes no .env and leaves its mode', async () => {
  writeFileSync(path, `ACCOUNT_SID=${SID}\nAUTH_TOKEN=good\n`, { mode: 0o644 });

  const { screen } = await collect([ACCOUNT], { kind: 'dry-run' });

  expect(screen).toContain(`→ Restrict ${path} to its owner`);
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(existsSync(`${path}.tmp`)).toBe(false);
});

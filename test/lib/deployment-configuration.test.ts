import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FUNCTION_VARIABLES } from '../../lambdas/config';
import { readDeploymentConfiguration } from '../../lib/deployment-configuration';
import { withDotEnv } from '../../lib/dot-env';
import { MINIMAL } from './synthesis';

const folder = mkdtempSync(join(tmpdir(), 'frontline-dotenv-'));
const dotenv = join(folder, '.env');

beforeAll(() => {
  writeFileSync(
    dotenv,
    `# what the team deploys
AIRTABLE_BASE_ID=appFromTheFile
TWILIO_SMS_NUMBER="+1 413 555 0100"   # our number
AUTH_TOKEN=f00dfeedf00dfeedf00dfeedf00dfeed
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('.env', () => {
  test('adds to the environment', () => {
    expect(withDotEnv(folder, { PATH: '/bin' })).toMatchObject({
      PATH: '/bin',
      AIRTABLE_BASE_ID: 'appFromTheFile',
      TWILIO_SMS_NUMBER: '+1 413 555 0100',
    });
  });

  test('never overrides the environment, not even a variable that is set to an empty value', () => {
    expect(withDotEnv(folder, { AIRTABLE_BASE_ID: 'appFromOutside', TWILIO_SMS_NUMBER: '' })).toMatchObject({
      AIRTABLE_BASE_ID: 'appFromOutside',
      TWILIO_SMS_NUMBER: '',
    });
  });

  test('is optional', () => {
    expect(withDotEnv(join(folder, 'none'), { A: 'b' })).toEqual({ A: 'b' });
  });

  test('that cannot be read is named', () => {
    const notAFolder = dotenv;
    expect(() => withDotEnv(notAFolder, {})).toThrow(`${join(notAFolder, '.env')} cannot be read`);
  });
});

describe('the deployment configuration', () => {
  test("passes on the functions' variables and keeps credentials back", () => {
    const { functionVariables } = readDeploymentConfiguration(withDotEnv(folder, {}));

    expect(functionVariables).toEqual({
      AIRTABLE_BASE_ID: 'appFromTheFile',
      TWILIO_SMS_NUMBER: '+1 413 555 0100',
    });
  });

  test('has the public URL without a slash at the end', () => {
    const { publicBaseUrl } = readDeploymentConfiguration({
      ...MINIMAL,
      PUBLIC_BASE_URL: 'https://example.com/a/',
    });

    expect(publicBaseUrl).toBe('https://example.com/a');
  });

  test.each([
    ['an address', ' team@example.com ', 'team@example.com'],
    ['a blank', '  ', null],
  ])('has the e-mail address of alarms: %s', (_what, ALARM_EMAIL, expected) => {
    const { alarmEmail, functionVariables } = readDeploymentConfiguration({ ...MINIMAL, ALARM_EMAIL });

    expect(alarmEmail).toBe(expected);
    expect(functionVariables).not.toHaveProperty('ALARM_EMAIL');
  });

  test('has no e-mail address of alarms if none is set', () => {
    expect(readDeploymentConfiguration(MINIMAL).alarmEmail).toBeNull();
  });

  test.each(['team', 'team@', 'Team <team@example.com>', 'ana@example.com, bob@example.com'])(
    'is rejected with "%s" for an e-mail address',
    (ALARM_EMAIL) => {
      expect(() => readDeploymentConfiguration({ ...MINIMAL, ALARM_EMAIL })).toThrow(
        'ALARM_EMAIL is malformed: it must be one e-mail address, such as team@example.com',
      );
    },
  );

  test.each([
    ['a name', ' FrontlineAirtable-OptOuts ', 'FrontlineAirtable-OptOuts'],
    ['a blank', ' ', null],
  ])('has an existing opt-out table by %s', (_what, OPT_OUT_TABLE_NAME, expected) => {
    const { optOutTableName, functionVariables } = readDeploymentConfiguration({
      ...MINIMAL,
      OPT_OUT_TABLE_NAME,
    });

    expect(optOutTableName).toBe(expected);
    expect(functionVariables).not.toHaveProperty('OPT_OUT_TABLE_NAME');
  });

  test('does not accept an ARN as the name of a table', () => {
    const OPT_OUT_TABLE_NAME = 'arn:aws:dynamodb:us-east-1:000000000000:table/FrontlineAirtable-OptOuts';

    expect(() => readDeploymentConfiguration({ ...MINIMAL, OPT_OUT_TABLE_NAME })).toThrow(
      'OPT_OUT_TABLE_NAME is malformed: it must be the name of a DynamoDB table, not its ARN',
    );
  });

  test.each([
    [undefined, 5],
    ['', 5],
    ['1', 1],
    ['60', 60],
  ])('runs sync every few minutes: SYNC_MINUTES=%s', (SYNC_MINUTES, expected) => {
    expect(readDeploymentConfiguration({ ...MINIMAL, SYNC_MINUTES }).syncMinutes).toBe(expected);
  });

  test.each(['0', '61', '2.5', '-5', 'often'])('is rejected with SYNC_MINUTES=%s', (SYNC_MINUTES) => {
    expect(() => readDeploymentConfiguration({ ...MINIMAL, SYNC_MINUTES })).toThrow(
      'SYNC_MINUTES is malformed: it must be a whole number from 1 to 60',
    );
  });

  test('is rejected with one error that names every variable that is missing or malformed', () => {
    const read = () =>
      readDeploymentConfiguration({
        TWILIO_WHATSAPP_NUMBER: 'ours',
        DEFAULT_COUNTRY: 'America',
        PUBLIC_BASE_URL: 'frontline.example.com',
        TWILIO_API_URL: 'ftp://example.com',
        ALARM_EMAIL: 'no-address',
      });

    for (const complaint of [
      'AIRTABLE_BASE_ID is missing',
      'TWILIO_SMS_NUMBER is missing',
      'TWILIO_WHATSAPP_NUMBER is malformed',
      'DEFAULT_COUNTRY is malformed',
      'PUBLIC_BASE_URL is malformed',
      'TWILIO_API_URL is malformed',
      'ALARM_EMAIL is malformed',
    ]) {
      expect(read).toThrow(complaint);
    }
  });
});

describe('.env.example', () => {
  const example = readFileSync('.env.example', 'utf8');

  test('names every variable', () => {
    const machineOnly = [
      'ACCOUNT_SID',
      'AUTH_TOKEN',
      'AUTH_TOKEN_SECONDARY',
      'WEBHOOK_SHARED_KEYS',
      'AIRTABLE_API_KEY',
      'AIRTABLE_SETUP_API_KEY',
      'ALARM_EMAIL',
      'OPT_OUT_TABLE_NAME',
      'OKTA_ORG_URL',
      'OKTA_API_TOKEN',
      'SSO_REALM_SID',
      'PORT',
    ];
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(names.sort()).toEqual([...FUNCTION_VARIABLES, ...machineOnly].sort());
  });

  test('describes each variable above it', () => {
    for (const block of example.split('\n\n').filter((text) => /^[A-Z_]+=/m.test(text))) {
      expect(block).toMatch(/^(# .*\n)+([A-Z_]+=.*(\n|$))+$/);
    }
  });
});

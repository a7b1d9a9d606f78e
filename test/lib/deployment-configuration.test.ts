import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FUNCTION_VARIABLES } from '../../lambdas/config';
import { INBOX_FUNCTION_VARIABLES } from '../../lambdas/config-schema';
import { readDeploymentConfiguration, withDotEnv } from '../../lib/deployment-configuration';
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
    ['one with rare characters', "r&d.o'brien@xn--4ca.xn--p1ai", "r&d.o'brien@xn--4ca.xn--p1ai"],
    ['a blank', '  ', null],
    ['none', undefined, null],
  ])('has the e-mail address of alarms: %s', (_what, ALARM_EMAIL, expected) => {
    const { alarmEmail, functionVariables } = readDeploymentConfiguration({ ...MINIMAL, ALARM_EMAIL });

    expect(alarmEmail).toBe(expected);
    expect(functionVariables).not.toHaveProperty('ALARM_EMAIL');
  });

  test.each(['team', 'team@', 'team@example', 'Team <team@example.com>', 'ana@example.com, bob@example.com'])(
    'is rejected with "%s" for an e-mail address',
    (ALARM_EMAIL) => {
      expect(() => readDeploymentConfiguration({ ...MINIMAL, ALARM_EMAIL })).toThrow(
        'ALARM_EMAIL is malformed',
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

  test('has no inbox unless INBOX says so', () => {
    expect(readDeploymentConfiguration(MINIMAL).inbox).toBeNull();
    expect(readDeploymentConfiguration({ ...MINIMAL, INBOX: ' ' }).inbox).toBeNull();
    expect(readDeploymentConfiguration({ ...MINIMAL, INBOX: 'false' }).inbox).toBeNull();
    expect(() => readDeploymentConfiguration({ ...MINIMAL, INBOX: 'yes' })).toThrow('INBOX is malformed');
  });

  test("has the inbox's settings, of which its functions get some", () => {
    const { inbox, functionVariables } = readDeploymentConfiguration({
      ...MINIMAL,
      INBOX: 'True',
      INBOX_URL: 'https://inbox.example.com/',
      INBOX_TABLE_NAME: 'kept',
      ROUTING: 'Service',
      TWILIO_MESSAGING_SERVICE_SID: '',
    });

    expect(inbox).toEqual({
      functionVariables: { ROUTING: 'Service' },
      siteUrl: 'https://inbox.example.com',
      certificateArn: null,
      connectionsUrl: null,
      mediaUrl: null,
    });
    expect(Object.keys(functionVariables).sort()).toEqual(Object.keys(MINIMAL).sort());
  });

  test.each([
    ['https://Inbox.Example.com/', 'https://inbox.example.com'],
    ['HTTPS://inbox.example.com:443', 'https://inbox.example.com'],
    ['https://inbox.example.com:8443', 'https://inbox.example.com:8443'],
    ['https://Büro.example.com', 'https://xn--bro-hoa.example.com'],
    ['http://LocalHost:80', 'http://localhost'],
  ])("has the inbox's origin as browsers write it, for INBOX_URL=%s", (INBOX_URL, origin) => {
    expect(readDeploymentConfiguration({ ...MINIMAL, INBOX: 'true', INBOX_URL }).inbox).toMatchObject({
      siteUrl: origin,
    });
  });

  test.each([
    ['INBOX_URL', 'https://example.com/inbox', 'without a path'],
    ['INBOX_URL', 'https://example.com?a=b', 'without ? or #'],
    ['INBOX_URL', 'https://me:pass@example.com', 'without a path or user'],
    ['INBOX_URL', 'inbox.example.com', 'http'],
    ['INBOX_URL', 'http://Inbox.example.com', 'https://'],
    ['INBOX_CERTIFICATE_ARN', 'arn:aws:acm:eu-west-1:111122223333:certificate/1', 'us-east-1'],
    ['INBOX_TABLE_NAME', 'arn:aws:dynamodb:x', 'not its ARN'],
    ['ROUTING', 'email', 'frontline or service'],
    ['TWILIO_MESSAGING_SERVICE_SID', 'MG1', '32 hexadecimal digits'],
  ])('is rejected with %s=%s', (name, value, expected) => {
    expect(() => readDeploymentConfiguration({ ...MINIMAL, INBOX: 'true', [name]: value })).toThrow(expected);
  });

  test('needs no credentials', () => {
    expect(readDeploymentConfiguration(MINIMAL)).toMatchObject({ baseId: MINIMAL['AIRTABLE_BASE_ID'] });
    expect(() => readDeploymentConfiguration({})).toThrow(
      /^AIRTABLE_BASE_ID is missing: .+; TWILIO_SMS_NUMBER is missing: .+/,
    );
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
      'INBOX',
      'INBOX_TABLE_NAME',
      'INBOX_URL',
      'INBOX_CERTIFICATE_ARN',
      'INBOX_CONNECTIONS_URL',
      'TWILIO_API_KEY_SID',
      'TWILIO_API_KEY_SECRET',
      'OKTA_ORG_URL',
      'OKTA_API_TOKEN',
      'SSO_REALM_SID',
      'PORT',
    ];
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(names.sort()).toEqual([...FUNCTION_VARIABLES, ...INBOX_FUNCTION_VARIABLES, ...machineOnly].sort());
  });

  test('describes each variable above it', () => {
    for (const block of example.split('\n\n').filter((text) => /^[A-Z_]+=/m.test(text))) {
      expect(block).toMatch(/^(# .*\n)+([A-Z_]+=.*(\n|$))+$/);
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import { readSettings, settingProblems, withoutMalformed } from '../../../cli/settings/settings';
import { readConfiguration } from '../../../lambdas/config';
import { formatProblem } from '../../../lambdas/config-schema';
import { readDeploymentConfiguration } from '../../../lib/deployment-configuration';

const COMPLETE = {
  ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  AUTH_TOKEN: 'token-1',
  AIRTABLE_API_KEY: 'patOne.1',
  AIRTABLE_BASE_ID: 'appOne',
  TWILIO_SMS_NUMBER: '+14135550100',
};

const API_KEY_SID = `SK${'2'.repeat(32)}`;

/** A malformed value of each variable. */
const MALFORMED = {
  ACCOUNT_SID: 'SK11111111111111111111111111111111',
  AUTH_TOKEN: 'two words',
  AUTH_TOKEN_SECONDARY: 'zwölf',
  AIRTABLE_API_KEY: 'keyOld',
  AIRTABLE_SETUP_API_KEY: 'keyOld',
  TWILIO_API_KEY_SID: 'AC11111111111111111111111111111111',
  TWILIO_API_KEY_SECRET: 'two words',
  SSO_REALM_SID: 'realm',
  ALARM_EMAIL: 'ana@example.com, ben@example.com',
  AIRTABLE_BASE_ID: 'tblOne',
  TWILIO_SMS_NUMBER: '415 555 1234',
  TWILIO_WHATSAPP_NUMBER: 'ours',
  DEFAULT_COUNTRY: 'America',
  OPT_OUT_WORDS: '!',
  OPT_IN_WORDS: 'UNSUBSCRIBE',
  CUSTOMER_VISIBILITY: 'everyone',
  PUBLIC_BASE_URL: 'example.com',
  AIRTABLE_ENDPOINT_URL: 'ftp://example.com',
  TWILIO_API_URL: 'https://example.com?x',
  SYNC_MINUTES: '99',
  SYNC_PING_SECONDS: 'soon',
  OPT_OUT_TABLE_NAME: 'arn:aws:dynamodb:us-east-1:000000000000:table/OptOuts',
};

/** What a variable needs beside it. */
const PARTNER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TWILIO_API_KEY_SID: { TWILIO_API_KEY_SECRET: 'secret-of-the-key' },
  TWILIO_API_KEY_SECRET: { TWILIO_API_KEY_SID: API_KEY_SID },
};

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('; ') : [String(error)];
  }
}

describe('the settings', () => {
  test('are read without surrounding blanks, and with one Airtable token for both uses', () => {
    expect(readSettings({ ...COMPLETE, AUTH_TOKEN: ' token-1 ' })).toMatchObject({
      accountSid: COMPLETE.ACCOUNT_SID,
      authToken: 'token-1',
      authTokenSecondary: null,
      webhookSharedKeys: null,
      airtableApiKey: 'patOne.1',
      airtableSetupApiKey: 'patOne.1',
      twilioApiUrl: null,
      configuration: { airtableBaseId: 'appOne' },
      functionVariables: { AIRTABLE_BASE_ID: 'appOne', TWILIO_SMS_NUMBER: '+14135550100' },
    });
  });

  test('may have a separate token for the schema', () => {
    const { airtableApiKey, airtableSetupApiKey } = readSettings({
      ...COMPLETE,
      AIRTABLE_SETUP_API_KEY: 'patTwo.2',
    });

    expect([airtableApiKey, airtableSetupApiKey]).toEqual(['patOne.1', 'patTwo.2']);
  });

  test('may have an API key of Twilio, which is one whole', () => {
    const key = { TWILIO_API_KEY_SID: API_KEY_SID, TWILIO_API_KEY_SECRET: 'secret-of-the-key' };

    expect(readSettings({ ...COMPLETE, ...key }).twilioApiKey).toEqual({
      sid: API_KEY_SID,
      secret: 'secret-of-the-key',
    });
    expect(readSettings(COMPLETE).twilioApiKey).toBeNull();
    for (const [missing] of Object.entries(key)) {
      const half = { ...COMPLETE, ...key, [missing]: ' ' };
      expect(problemsOf(() => readSettings(half))).toEqual([
        `${missing} is missing: an API key is TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET`,
        'set both, or neither',
      ]);
      expect(settingProblems(half).map(({ variable }) => variable)).toEqual([missing]);
    }
  });

  test('that are missing are all named', () => {
    expect(settingProblems({}).map(({ variable }) => variable)).toEqual(Object.keys(COMPLETE));
  });

  test.each(Object.entries(MALFORMED))('%s is malformed as %j, and its value is not shown', (name, value) => {
    const problems = settingProblems({ ...COMPLETE, ...PARTNER[name], [name]: value });

    expect(problems).toEqual([{ variable: name, message: expect.stringMatching(/^is malformed: /) }]);
    expect(problems[0]?.message).not.toContain(value);
  });
});

describe('a malformed .env', () => {
  const all = problemsOf(() => readSettings(MALFORMED));

  test('has all its problems named at once', () => {
    expect(all.map((problem) => problem.split(' ')[0])).toEqual(Object.keys(MALFORMED));
  });

  test('gets the same words from setup, doctor and start as from cdk synth and the demo', () => {
    expect(problemsOf(() => readDeploymentConfiguration(MALFORMED))).toEqual(all);
    expect(withoutMalformed(MALFORMED).malformed.map(formatProblem)).toEqual(all);
  });

  test('gets the same words from the functions, for the variables that they read', () => {
    const ofFunctions = problemsOf(() => readConfiguration(MALFORMED));

    expect(ofFunctions.length).toBeGreaterThan(10);
    expect(all).toEqual(expect.arrayContaining([...ofFunctions]));
  });

  test('does not stop the demo, which uses the valid variables', () => {
    const environment = { ...MALFORMED, DEFAULT_WORKER: 'ana', AUTH_TOKEN: '' };

    expect(withoutMalformed(environment).environment).toEqual({ DEFAULT_WORKER: 'ana', AUTH_TOKEN: '' });
  });
});

test('a certificate for the inbox without its address is a problem', () => {
  const INBOX_CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d';
  const INBOX_URL = 'https://inbox.example.com';

  expect(() => readSettings({ ...COMPLETE, INBOX_CERTIFICATE_ARN })).toThrow(/^INBOX_URL is missing/);
  expect(settingProblems({ ...COMPLETE, INBOX_CERTIFICATE_ARN })).toMatchObject([{ variable: 'INBOX_URL' }]);
  expect(readSettings({ ...COMPLETE, INBOX_CERTIFICATE_ARN, INBOX_URL }).inbox).toMatchObject({
    url: INBOX_URL,
  });
});

test('an address of the inbox without https is a problem', () => {
  expect(settingProblems({ ...COMPLETE, INBOX_URL: 'http://inbox.example.com' })).toMatchObject([
    { variable: 'INBOX_URL' },
  ]);
});

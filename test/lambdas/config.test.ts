import { describe, expect, test } from '@jest/globals';
import { type Environment, readConfiguration, readPublicBaseUrl, required } from '../../lambdas/config';

const MINIMAL = { AIRTABLE_BASE_ID: 'appAbCdEfGh123456', TWILIO_SMS_NUMBER: '+14135551234' };

function problemsOf(environment: Environment): string[] {
  try {
    readConfiguration(environment);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('; ') : [String(error)];
  }
}

describe('the configuration', () => {
  test('needs a base and a number, and has defaults for the rest', () => {
    expect(readConfiguration(MINIMAL)).toEqual({
      airtableBaseId: 'appAbCdEfGh123456',
      templatesView: 'Grid view',
      smsNumber: '+14135551234',
      whatsappNumber: null,
      defaultCountry: 'US',
      defaultWorkers: [],
      publicBaseUrl: null,
      airtableUrl: 'https://api.airtable.com',
      airtableRequestsPerSecond: 4,
      conversationsUrl: 'https://conversations.twilio.com',
      frontlineUrl: 'https://frontline-api.twilio.com',
      customerVisibility: 'owner',
      optOutWords: [],
      optInWords: [],
      replicaTable: null,
      optOutTable: null,
      syncFunction: null,
      webhookUrl: null,
      syncMinutes: 5,
      pingSeconds: 30,
    });
  });

  test('reads every variable', () => {
    expect(
      readConfiguration({
        ...MINIMAL,
        AIRTABLE_TEMPLATES_VIEW: 'For the app',
        TWILIO_WHATSAPP_NUMBER: 'whatsapp:+14135551235',
        DEFAULT_COUNTRY: 'de',
        DEFAULT_WORKER: 'ana@example.com, bob@example.com ,, ',
        SSO_REALM_SID: `JB${'a'.repeat(32)}`,
        PUBLIC_BASE_URL: 'https://frontline.example.com/eu/',
        AIRTABLE_ENDPOINT_URL: 'http://127.0.0.1:5002',
        TWILIO_API_URL: 'http://127.0.0.1:5003/',
        CUSTOMER_VISIBILITY: ' Team ',
        REPLICA_TABLE_NAME: 'Replica',
        OPT_OUT_TABLE_NAME: 'OptOuts',
        SYNC_FUNCTION_NAME: 'sync',
        AIRTABLE_WEBHOOK_URL: 'https://frontline.example.com/airtable/webhook',
        SYNC_MINUTES: '1',
        SYNC_PING_SECONDS: '0',
      }),
    ).toMatchObject({
      customerVisibility: 'team',
      replicaTable: 'Replica',
      optOutTable: 'OptOuts',
      syncFunction: 'sync',
      webhookUrl: 'https://frontline.example.com/airtable/webhook',
      syncMinutes: 1,
      pingSeconds: 0,
      templatesView: 'For the app',
      whatsappNumber: '+14135551235',
      defaultCountry: 'DE',
      defaultWorkers: ['ana@example.com', 'bob@example.com'],
      publicBaseUrl: 'https://frontline.example.com/eu',
      airtableUrl: 'http://127.0.0.1:5002',
      conversationsUrl: 'http://127.0.0.1:5003',
      frontlineUrl: 'http://127.0.0.1:5003',
    });
  });

  test('accepts opt-out and opt-in words of any script', () => {
    const words = { OPT_OUT_WORDS: 'DETÉN, не писать,, 停止 ', OPT_IN_WORDS: 'ALTA' };

    expect(readConfiguration({ ...MINIMAL, ...words })).toMatchObject({
      optOutWords: ['DETÉN', 'не писать', '停止'],
      optInWords: ['ALTA'],
    });
  });

  test.each([
    ['OPT_OUT_WORDS', '🛑', 'letter or digit'],
    ['OPT_OUT_WORDS', 'x'.repeat(101), '100 characters'],
    ['OPT_IN_WORDS', 'ALTA, !', 'letter or digit'],
    ['OPT_IN_WORDS', 'ALTA, ｓｔｏｐ', 'opt-out word'],
  ])('rejects %s with %s', (name, value, problem) => {
    expect(problemsOf({ ...MINIMAL, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is malformed: .*${problem}`)),
    ]);
  });

  test('treats a blank variable as one that is not set', () => {
    const blank = {
      TWILIO_WHATSAPP_NUMBER: ' ',
      DEFAULT_COUNTRY: '',
      DEFAULT_WORKER: '',
      PUBLIC_BASE_URL: '  ',
    };

    expect(readConfiguration({ ...MINIMAL, ...blank })).toEqual(readConfiguration(MINIMAL));
  });

  test.each(['+1 413 555 1234', '+1 (413) 555-1234', '+1.413.555.1234', ' +14135551234 '])(
    'accepts our number in any notation: %s',
    (TWILIO_SMS_NUMBER) => {
      expect(readConfiguration({ ...MINIMAL, TWILIO_SMS_NUMBER })).toMatchObject({
        smsNumber: '+14135551234',
      });
    },
  );
});

describe('a malformed setting', () => {
  test.each([
    ['CUSTOMER_VISIBILITY', 'everyone'],
    ['SYNC_MINUTES', '0'],
    ['SYNC_MINUTES', '61'],
    ['SYNC_MINUTES', '2.5'],
    ['SYNC_PING_SECONDS', '-1'],
    ['SYNC_PING_SECONDS', 'soon'],
    ['SYNC_MINUTES', '-5'],
    ['AIRTABLE_WEBHOOK_URL', 'frontline.example.com'],
    ['TWILIO_WHATSAPP_NUMBER', 'whatsapp:whatsapp:+14135551235'],
  ])('is named: %s=%s', (name, value) => {
    expect(problemsOf({ ...MINIMAL, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is malformed`)),
    ]);
  });
});

test('a missing variable that a function needs is named', () => {
  const configuration = readConfiguration({ ...MINIMAL, REPLICA_TABLE_NAME: 'Replica' });

  expect(required(configuration, 'replicaTable')).toBe('Replica');
  expect(() => required(configuration, 'optOutTable')).toThrow(/OPT_OUT_TABLE_NAME is missing/);
});

test.each([
  [undefined, null],
  ['', null],
  ['https://frontline.example.com/eu/', 'https://frontline.example.com/eu'],
  ['not a URL', null],
])('the public URL is read apart from the rest: %j', (PUBLIC_BASE_URL, expected) => {
  expect(readPublicBaseUrl({ PUBLIC_BASE_URL })).toBe(expected);
});

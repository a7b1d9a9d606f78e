import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { openTwilioAccount } from '../../../cli/twilio/twilio-account';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  aTwilio,
  closedAfterTest,
  SMS_NUMBER,
} from '../../emulators/twilio/account';
import { settingsFor } from './frontline-account';

function open({ url }: Pick<TwilioEmulator, 'url'>, authToken = AUTH_TOKEN) {
  return openTwilioAccount({ accountSid: ACCOUNT_SID, authToken, apiKey: null, apiUrl: url });
}

const number = (phoneNumber: string, canSms = true) => ({
  phoneNumber,
  canSms,
  smsUrl: '',
  smsApplicationSid: '',
});

describe('an account', () => {
  test('has a name and a status', async () => {
    const twilio = await aTwilio({ configuration: { friendlyName: 'Acme', status: 'closed' } });

    expect(await open(twilio).readAccount()).toMatchObject({ friendlyName: 'Acme', status: 'closed' });
  });

  test('lists its numbers, with their capabilities', async () => {
    const phoneNumbers = [number('+14155550101'), number('+14155550102', false)];
    const twilio = await aTwilio({ configuration: { phoneNumbers } });

    expect(await open(twilio).listNumbers()).toEqual([
      {
        sid: expect.stringMatching(/^PN/),
        number: '+14155550101',
        canSms: true,
        smsUrl: null,
        smsApplicationSid: null,
      },
      expect.objectContaining({ number: '+14155550102', canSms: false }),
    ]);
  });

  test('finds a number only by exact match, although Twilio returns partial matches', async () => {
    const { configuration } = settingsFor({ url: 'http://127.0.0.1' });
    const phoneNumbers = [number(`${SMS_NUMBER}99`)];
    const twilio = await aTwilio({ configuration: { phoneNumbers } });

    const before = await open(twilio).findNumber(configuration.smsNumber);
    twilio.configure({ phoneNumbers: [...phoneNumbers, number(SMS_NUMBER)] });
    const after = await open(twilio).findNumber(configuration.smsNumber);

    expect(before).toBeNull();
    expect(after).toMatchObject({ number: SMS_NUMBER });
  });

  test('lists its conversation services on all pages', async () => {
    const services = Array.from({ length: 120 }, (_, index) => ({
      sid: `IS${String(index).padStart(32, '0')}`,
      friendlyName: `Service ${index}`,
      webhooks: { preUrl: null, postUrl: null, filters: [], method: 'POST' as const },
    }));
    const twilio = await aTwilio({ configuration: { services, defaultChatServiceSid: null } });

    const known = await open(twilio).readConversationServices();

    expect(known.services.map(({ friendlyName }) => friendlyName)).toEqual(
      services.map(({ friendlyName }) => friendlyName),
    );
    expect(known.defaultSid).toBeNull();
  });

  test('finds Frontline users by their exact identity', async () => {
    const identity = 'ana/maría+1@example.com';
    const twilio = await aTwilio({
      users: [{ identity }, { identity: 'gone@example.com', state: 'deactivated' }],
    });
    const account = open(twilio);

    expect(await account.frontlineUserState(identity)).toBe('active');
    expect(await account.frontlineUserState(identity.toUpperCase())).toBeNull();
    expect(await account.frontlineUserState('gone@example.com')).toBe('deactivated');
    expect(await account.frontlineUserState('stranger@example.com')).toBeNull();
  });
});

describe('an API key', () => {
  const key = { sid: `SK${'b'.repeat(32)}`, secret: 'secret-of-the-key' };
  const openWith = ({ url }: TwilioEmulator, apiKey = key) =>
    openTwilioAccount({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiKey, apiUrl: url });

  test('is used for everything but the account itself, which Twilio lets no key read', async () => {
    const twilio = await aTwilio({ apiKeys: [key] });
    const account = openWith(twilio);

    await account.readAccount();
    await account.listNumbers();
    await account.readConversationServices();
    await account.messaging.listServices();

    const [ofAccount, ...others] = twilio.requests.map(({ user }) => user);
    expect(ofAccount).toBe(ACCOUNT_SID);
    expect(new Set(others)).toEqual(new Set([key.sid]));
  });

  test('that is wrong is named, and not the token', async () => {
    const twilio = await aTwilio({ apiKeys: [key] });

    const rejected = openWith(twilio, { ...key, secret: 'wr0ng' }).listNumbers();

    await expect(rejected).rejects.toMatchObject({
      name: 'CredentialsRefused',
      message: expect.stringMatching(/^Twilio rejected TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET: /),
    });
    await expect(rejected).rejects.not.toMatchObject({
      message: expect.stringMatching(/AUTH_TOKEN|wr0ng/),
    });
  });

  test('without a permission gets another error than a wrong one', async () => {
    const twilio = await aTwilio({ apiKeys: [{ ...key, apis: ['content'] }] });

    await expect(openWith(twilio).listNumbers()).rejects.toMatchObject({
      name: 'CredentialsRefused',
      message: expect.stringMatching(/TWILIO_API_KEY_SID lacks a permission .*standard API key/),
    });
  });
});

describe('an account that returns errors', () => {
  test('rejects a wrong token, naming the variables and where to find them', async () => {
    const twilio = await aTwilio();

    const refused = await open(twilio, 'wrongt0ken')
      .readAccount()
      .catch((error: unknown) => error);

    expect(refused).toMatchObject({
      name: 'CredentialsRefused',
      system: 'Twilio',
      message: expect.stringMatching(/ACCOUNT_SID and AUTH_TOKEN: .*first page of the Twilio console/),
    });
    expect(refused).not.toMatchObject({ message: expect.stringContaining('wrongt0ken') });
  });

  const unavailable: readonly (readonly [string, Fault, RegExp])[] = [
    ['fails', { kind: 'server-error' }, /500/],
    ['is temporarily unavailable', { kind: 'unavailable' }, /503/],
    ['is behind a proxy that fails', { kind: 'bad-gateway' }, /502/],
    ['keeps limiting the rate', { kind: 'rate-limited' }, /429/],
    ['breaks the connection', { kind: 'connection-reset' }, /127\.0\.0\.1:\d+ .*ECONNRESET.*TWILIO_API_URL/],
  ];
  test.each(unavailable)('is unavailable if it %s', async (_what, fault, words) => {
    const twilio = await aTwilio();
    twilio.faults.always(fault);
    const account = open(twilio);

    const calls = [
      () => account.readAccount(),
      () => account.listNumbers(),
      () => account.frontlineUserState('a@b.example'),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        name: 'Unavailable',
        message: expect.stringMatching(words),
      });
    }
  });

  test('is retried after one rate limit', async () => {
    const twilio = await aTwilio();
    twilio.faults.next(1, { kind: 'rate-limited' });

    await expect(open(twilio).readAccount()).resolves.toMatchObject({ status: 'active' });

    expect(twilio.requests.map(({ status }) => status)).toEqual([429, 200]);
  });

  test('reports the reason of a rejection', async () => {
    const twilio = await aTwilio();
    twilio.faults.always({ kind: 'rejected', status: 403, code: 20403, message: 'No permission' });

    await expect(open(twilio).listAddresses()).rejects.toMatchObject({
      name: 'UpstreamFailed',
      status: 403,
      message: 'Twilio returned 403 (code 20403): No permission',
    });
  });

  test('is unavailable if the connection is refused, and the error has no token', async () => {
    const twilio = await aTwilio();
    await twilio.close();

    const failure: unknown = await open(twilio)
      .readAccount()
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
      cause: undefined,
    });
  });

  test.each([
    ['a page', 'text/html', '<html></html>', /not valid JSON/],
    ['something else', 'application/json', '{"status":7}', /no valid status/],
  ])('is not Twilio if it responds with %s', async (_what, type, body, words) => {
    const url = await aServer(type, body);

    await expect(open({ url }).readAccount()).rejects.toMatchObject({
      name: 'UpstreamFailed',
      message: expect.stringMatching(words),
    });
  });
});

async function aServer(type: string, body: string): Promise<string> {
  const server = createServer((_request, response) => response.setHeader('Content-Type', type).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closedAfterTest({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

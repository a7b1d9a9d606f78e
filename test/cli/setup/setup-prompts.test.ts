import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stages } from '../../../cli/setup/setup-prompts';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import type { Environment } from '../../../lambdas/config';
import { serveReplies } from '../../lambdas/http-client/serve-replies';

const SMS_NUMBER = '+14135550100';
const CREDENTIALS = { ACCOUNT_SID: `AC${'5'.repeat(32)}`, AUTH_TOKEN: 'good' };

let twilio: TwilioEmulator;
beforeAll(async () => {
  twilio = await startTwilio({
    accountSid: CREDENTIALS.ACCOUNT_SID,
    authToken: CREDENTIALS.AUTH_TOKEN,
    ourNumbers: [SMS_NUMBER],
    users: [{ identity: 'ana@example.com', isAvailable: true }],
  });
});
afterAll(() => twilio.close());

/** Verifies the stage of a variable. */
function verify(name: string, environment: Environment) {
  const stage = stages({ tryWriting: false, inbox: false }).find(({ variables }) =>
    variables.some((each) => each.name === name),
  );
  return stage?.verify({ ...CREDENTIALS, TWILIO_API_URL: twilio.url, ...environment });
}

describe('values at Twilio', () => {
  test('are rejected by the one variable to enter again', async () => {
    const rejected = (variable: string) => ({ problems: [expect.objectContaining({ variable })] });

    expect(await verify('AUTH_TOKEN', { AUTH_TOKEN: 'bad' })).toMatchObject(rejected('AUTH_TOKEN'));
    expect(await verify('TWILIO_SMS_NUMBER', { TWILIO_SMS_NUMBER: '+14135550199' })).toMatchObject(
      rejected('TWILIO_SMS_NUMBER'),
    );
  });

  test('are confirmed', async () => {
    const confirmed = { confirmed: expect.any(String) };

    expect(await verify('AUTH_TOKEN', {})).toMatchObject(confirmed);
    expect(await verify('TWILIO_SMS_NUMBER', { TWILIO_SMS_NUMBER: SMS_NUMBER })).toMatchObject(confirmed);
    expect(await verify('DEFAULT_WORKER', { DEFAULT_WORKER: 'ana@example.com' })).toMatchObject(confirmed);
  });

  test('of optional variables are doubted', async () => {
    expect(
      await verify('DEFAULT_WORKER', { DEFAULT_WORKER: 'ana@example.com, ana@exmple.com' }),
    ).toMatchObject({
      warnings: [{ what: 'ana@exmple.com is not a Frontline user' }],
    });
    expect(await verify('DEFAULT_WORKER', {})).toEqual({ confirmed: null });
  });
});

describe('for the inbox', () => {
  const variables = (inbox: boolean) =>
    stages({ tryWriting: false, inbox }).flatMap((stage) => stage.variables.map(({ name }) => name));
  const verifyWorker = (environment: Environment) =>
    stages({ tryWriting: false, inbox: true })
      .find((stage) => stage.variables.some(({ name }) => name === 'DEFAULT_WORKER'))
      ?.verify({
        ...CREDENTIALS,
        TWILIO_API_URL: twilio.url,
        DEFAULT_WORKER: 'eva@example.com',
        ...environment,
      });

  test('there is no prompt for the SSO realm', () => {
    expect(variables(false)).toContain('SSO_REALM_SID');
    expect(variables(true)).toEqual(variables(false).filter((name) => name !== 'SSO_REALM_SID'));
  });

  test('default workers are users of Frontline only where Frontline routes', async () => {
    const doubted = { warnings: [{ what: 'eva@example.com is not a Frontline user' }] };

    expect(await verifyWorker({ ROUTING: 'service' })).toEqual({ confirmed: null });
    expect(await verifyWorker({ ROUTING: 'frontline' })).toMatchObject(doubted);
    expect(await verifyWorker({})).toMatchObject(doubted);
    twilio.configure({ services: [] });
    expect(await verifyWorker({})).toEqual({ confirmed: null });
  });
});

describe('a WhatsApp number', () => {
  const senders = [{ sid: `XE${'1'.repeat(32)}`, status: 'ONLINE', sender_id: `whatsapp:${SMS_NUMBER}` }];

  test.each([
    [SMS_NUMBER, 200, { confirmed: expect.stringContaining('is a WhatsApp sender') }],
    [
      '+14135550199',
      200,
      { warnings: [{ what: expect.stringContaining(`senders: whatsapp:${SMS_NUMBER}`) }] },
    ],
    ['+14135550199', 403, { confirmed: null }],
    ['', 200, { confirmed: null }],
  ])('%j, where Twilio returns %d for the list of senders', async (number, status, expected) => {
    const { url: TWILIO_API_URL, requests } = await serveReplies({
      status,
      body: { senders, meta: { key: 'senders' } },
    });

    const verified = await verify('TWILIO_WHATSAPP_NUMBER', {
      TWILIO_WHATSAPP_NUMBER: number,
      TWILIO_API_URL,
    });

    expect(verified).toMatchObject(expected);
    expect(
      requests.every(({ target }) => target.startsWith('/messaging/v2/Channels/Senders?Channel=whatsapp&')),
    ).toBe(true);
  });
});

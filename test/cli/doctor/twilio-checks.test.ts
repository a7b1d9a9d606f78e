import { describe, expect, test } from '@jest/globals';
import { type CheckReport, runChecks } from '../../../cli/doctor/run-checks';
import { twilioChecks } from '../../../cli/doctor/twilio-checks';
import { twilioStep } from '../../../cli/twilio/twilio-step';
import { NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import type { TwilioEmulator, TwilioOptions } from '../../../emulators/twilio/twilio-emulator';
import { parseSecret } from '../../../lambdas/credentials/credentials';
import { ConfigurationError } from '../../../lambdas/errors';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  aTwilio,
  SMS_NUMBER,
  WHATSAPP_NUMBER,
} from '../../emulators/twilio/account';
import {
  anAddress,
  applied,
  CALLBACK_URL,
  FOREIGN_URL,
  OLD_CALLBACK_URL,
  OTHER_SERVICE,
  OUR_EVENTS,
  setNumber,
  settingsFor,
  setWebhooks,
  writes,
} from '../twilio/frontline-account';

const ANA = 'ana@example.com';
const SECRET = { ACCOUNT_SID, AUTH_TOKEN, AIRTABLE_API_KEY: 'pat1' };

const IDS = [
  ...['twilio-token', 'sms-number', 'conversation-service', 'webhooks', 'address-sms', 'address-whatsapp'],
  ...['message-comes-in', 'default-worker'],
];

/** An account after setup, with one worker. */
async function aSetUpAccount(options: Partial<TwilioOptions> = {}): Promise<TwilioEmulator> {
  const twilio = await aTwilio({ users: [{ identity: ANA }], ...options });
  await applied(
    twilioStep({ settings: settingsFor(twilio), callbackUrl: CALLBACK_URL, replaceExisting: false }),
  );
  return twilio;
}

interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  /** The contents of the secret; an error if it cannot be read. */
  readonly secret?: object | Error;
}

/** The doctor's results, by the ids of its checks. */
async function diagnose(twilio: TwilioEmulator, { env = {}, secret = SECRET }: Circumstances = {}) {
  const settings = settingsFor(twilio, { DEFAULT_WORKER: ANA, ...env });
  const checks = twilioChecks({
    settings: () => settings,
    secret: async () => {
      if (secret instanceof Error) throw secret;
      return parseSecret(JSON.stringify(secret));
    },
    callbackUrl: async () => CALLBACK_URL,
  });
  const reports = await runChecks(checks, () => undefined);
  return new Map(reports.map((one): [string, CheckReport['outcome']] => [one.check.id, one.outcome]));
}

function idsOf(outcomes: Awaited<ReturnType<typeof diagnose>>, status: string): readonly string[] {
  return [...outcomes].flatMap(([id, outcome]) => (outcome.status === status ? [id] : []));
}

test('an account after setup passes every check, and is not written to', async () => {
  const twilio = await aSetUpAccount();
  const before = writes(twilio);

  const outcomes = await diagnose(twilio);

  expect(idsOf(outcomes, 'pass')).toEqual(IDS);
  expect(outcomes.get('webhooks')?.message).toBe('"Frontline Service" tells this stack of all its events');
  expect(outcomes.get('twilio-token')?.message).toBe(
    'the account "A Frontline account" accepts the credentials of .env and of the secret',
  );
  expect(writes(twilio)).toEqual(before);
});

test('an account without WhatsApp and default worker passes every check', async () => {
  const twilio = await aSetUpAccount();

  const outcomes = await diagnose(twilio, { env: { TWILIO_WHATSAPP_NUMBER: '', DEFAULT_WORKER: '' } });

  expect(idsOf(outcomes, 'pass')).toEqual(IDS);
  expect(outcomes.get('address-whatsapp')?.message).toBe('no WhatsApp sender is configured');
  expect(outcomes.get('default-worker')?.message).toContain('DEFAULT_WORKER is blank');
});

describe("the account's own webhooks", () => {
  const ours = { preUrl: CALLBACK_URL, postUrl: CALLBACK_URL, method: 'POST', filters: OUR_EVENTS } as const;

  test('serve as well as the service’s own, if the service has none', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, NO_WEBHOOKS);
    twilio.configure({ webhooks: ours });

    expect(idsOf(await diagnose(twilio), 'fail')).toEqual([]);
  });

  test('must be complete, and are ignored if the service has its own', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, NO_WEBHOOKS);
    twilio.configure({ webhooks: { ...ours, filters: OUR_EVENTS.slice(1) } });
    expect((await diagnose(twilio)).get('webhooks')?.message).toContain(`not asked for: ${OUR_EVENTS[0]}`);

    twilio.configure({ webhooks: ours });
    setWebhooks(twilio, { postUrl: FOREIGN_URL });
    expect(idsOf(await diagnose(twilio), 'fail')).toEqual(['webhooks']);
  });

  test('of another integration do not serve this service', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, NO_WEBHOOKS);
    twilio.configure({ webhooks: { ...ours, preUrl: FOREIGN_URL, postUrl: FOREIGN_URL } });

    expect((await diagnose(twilio)).get('webhooks')?.message).toContain('there is no pre-event URL');
  });
});

test('every check depends on the configuration', () => {
  const checks = twilioChecks({
    settings: () => {
      throw new ConfigurationError(['AIRTABLE_BASE_ID is missing']);
    },
    secret: () => Promise.reject(new Error('not to be asked')),
    callbackUrl: () => Promise.reject(new Error('not to be asked')),
  });

  expect(checks.map(({ id }) => id)).toEqual(IDS);
  expect(checks.filter(({ dependsOn }) => !dependsOn.includes('configuration'))).toEqual([]);
});

interface Fault {
  readonly what: string;
  readonly arrange?: (twilio: TwilioEmulator) => void;
  readonly circumstances?: Circumstances;
  readonly message: RegExp;
  readonly fix: RegExp;
  /** The checks that are skipped then. */
  readonly unknown?: readonly string[];
}

const ALL_BUT_TOKEN = IDS.slice(1);

const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  'twilio-token': [
    {
      what: '.env has a wrong token',
      circumstances: { env: { AUTH_TOKEN: 'f'.repeat(32) } },
      message: /ACCOUNT_SID and AUTH_TOKEN/,
      fix: /\.env/,
      unknown: ALL_BUT_TOKEN,
    },
    {
      what: 'the account is suspended',
      arrange: (twilio) => twilio.configure({ status: 'suspended' }),
      message: /is suspended/,
      fix: /console/,
      unknown: ALL_BUT_TOKEN,
    },
    {
      what: 'the secret has a wrong token',
      circumstances: { secret: { ...SECRET, AUTH_TOKEN: 'f'.repeat(32) } },
      message: /AUTH_TOKEN/,
      fix: /npm run setup/,
      unknown: ALL_BUT_TOKEN,
    },
    {
      what: 'the secret is for another account',
      circumstances: { secret: { ...SECRET, ACCOUNT_SID: `AC${'b'.repeat(32)}` } },
      message: new RegExp(`the account AC${'b'.repeat(32)}.*${ACCOUNT_SID}`),
      fix: /npm run setup/,
      unknown: ALL_BUT_TOKEN,
    },
    {
      what: 'Twilio is down',
      arrange: (twilio) => twilio.faults.always({ kind: 'unavailable' }),
      message: /503/,
      fix: /run the doctor again/,
      unknown: ALL_BUT_TOKEN,
    },
  ],
  'sms-number': [
    {
      what: "the number is not the account's",
      arrange: (twilio) => twilio.configure({ phoneNumbers: [] }),
      message: /\+15017122661 is not a number of this Twilio account/,
      fix: /TWILIO_SMS_NUMBER .*Active numbers.*npm run setup/,
      unknown: ['address-sms', 'message-comes-in'],
    },
    {
      what: 'the number was released, and its address with it',
      arrange: (twilio) =>
        twilio.configure({
          phoneNumbers: [],
          addresses: twilio.configuration.addresses.filter(({ address }) => address !== SMS_NUMBER),
        }),
      message: /is not a number of this Twilio account/,
      fix: /TWILIO_SMS_NUMBER/,
      unknown: ['address-sms', 'message-comes-in'],
    },
    {
      what: 'the number cannot send texts',
      arrange: (twilio) => setNumber(twilio, { canSms: false }),
      message: /cannot send SMS/,
      fix: /TWILIO_SMS_NUMBER/,
      unknown: ['address-sms', 'message-comes-in'],
    },
  ],
  'conversation-service': [
    {
      what: 'there is no default service',
      arrange: (twilio) => twilio.configure({ defaultChatServiceSid: null }),
      message: /"default conversation service" is blank instead of Frontline Service/,
      fix: /^npm run setup$/,
      unknown: ['webhooks', 'address-sms', 'address-whatsapp'],
    },
    {
      what: 'another service is the default',
      arrange: (twilio) => {
        const service = { sid: OTHER_SERVICE, friendlyName: 'Support chat', webhooks: NO_WEBHOOKS };
        const services = [...twilio.configuration.services, service];
        twilio.configure({ services, defaultChatServiceSid: OTHER_SERVICE });
      },
      message: /is "Support chat", not "Frontline Service"/,
      fix: /Conversations > Defaults/,
      unknown: ['webhooks', 'address-sms', 'address-whatsapp'],
    },
    {
      what: 'it cannot be told which service is meant',
      arrange: (twilio) => twilio.configure({ services: [], defaultChatServiceSid: null }),
      message: /the account has none, and no default/,
      fix: /Conversations > Defaults/,
      unknown: ['webhooks', 'address-sms', 'address-whatsapp'],
    },
    {
      what: 'there is no default messaging service',
      arrange: (twilio) => twilio.configure({ defaultMessagingServiceSid: null }),
      message: /48032/,
      fix: /Conversations > Defaults: .*messaging service/,
      unknown: ['webhooks', 'address-sms', 'address-whatsapp'],
    },
  ],
  webhooks: [
    {
      what: 'there is no pre-event URL',
      arrange: (twilio) => setWebhooks(twilio, { preUrl: null }),
      message: /^"Frontline Service": there is no pre-event URL$/,
      fix: new RegExp(`^npm run setup; .*Frontline Service > Webhooks: ${CALLBACK_URL}`),
    },
    {
      what: 'both tell an old stack',
      arrange: (twilio) => setWebhooks(twilio, { preUrl: OLD_CALLBACK_URL, postUrl: OLD_CALLBACK_URL }),
      message:
        /the pre-event URL is an old stack's, .*old\.example\.com.*; the post-event URL is an old stack's/,
      fix: /^npm run setup;/,
    },
    {
      what: 'there is a slip in the post-event URL',
      arrange: (twilio) => setWebhooks(twilio, { postUrl: `${CALLBACK_URL}/` }),
      message: /^"Frontline Service": the post-event URL is .*mistyped/,
      fix: /^npm run setup;/,
    },
    {
      what: 'another integration hears',
      arrange: (twilio) => setWebhooks(twilio, { postUrl: FOREIGN_URL }),
      message: /the post-event URL is that of another integration: https:\/\/bot\.example\.org\/hooks\?…$/,
      fix: /^npm run setup -- --replace-existing;/,
    },
    {
      what: 'the method is GET',
      arrange: (twilio) => setWebhooks(twilio, { method: 'GET' }),
      message: /the method is GET instead of POST/,
      fix: /POST/,
    },
    ...OUR_EVENTS.map((event) => ({
      what: `${event} is not asked for`,
      arrange: (twilio: TwilioEmulator) =>
        setWebhooks(twilio, { filters: OUR_EVENTS.filter((one) => one !== event) }),
      message: new RegExp(`these events are not asked for: ${event}$`),
      fix: /npm run setup/,
    })),
  ],
  ...Object.fromEntries(
    [SMS_NUMBER, WHATSAPP_NUMBER].map((address): [string, readonly Fault[]] => {
      const others = (twilio: TwilioEmulator) =>
        twilio.configuration.addresses.filter((one) => one.address !== address);
      const set = (fields?: Parameters<typeof anAddress>[1]) => (twilio: TwilioEmulator) =>
        twilio.configure({
          addresses: [...others(twilio), ...(fields === undefined ? [] : [anAddress(address, fields)])],
        });
      return [
        address === SMS_NUMBER ? 'address-sms' : 'address-whatsapp',
        [
          {
            what: 'the address is not configured',
            arrange: set(),
            message: /is not configured, and so makes no conversations/,
            fix: /^npm run setup configures it\. A messaging service may .*Twilio does not show/,
          },
          {
            what: 'autocreation is off',
            arrange: set({ enabled: false }),
            message: /switched off/,
            fix: /^npm run setup$/,
          },
          {
            what: 'conversations are made elsewhere',
            arrange: set({ conversationServiceSid: OTHER_SERVICE }),
            message: new RegExp(`${OTHER_SERVICE}, which is not "Frontline Service"`),
            fix: /^npm run setup$/,
          },
          {
            what: 'Studio has them',
            arrange: set({ type: 'studio', studioFlowSid: 'FW1' }),
            message: /another integration: type studio, target FW1/,
            fix: /--replace-existing/,
          },
        ],
      ];
    }),
  ),
  'message-comes-in': [
    {
      what: "Twilio's demonstration answers",
      arrange: (twilio) => setNumber(twilio, { smsUrl: 'https://demo.twilio.com/welcome/sms/reply' }),
      message: /"A message comes in" is https:\/\/demo\.twilio\.com\S* instead of blank/,
      fix: /^npm run setup$/,
    },
    {
      what: 'another integration answers',
      arrange: (twilio) => setNumber(twilio, { smsUrl: FOREIGN_URL }),
      message: /handled by https:\/\/bot\.example\.org\/hooks\?…/,
      fix: /^Phone Numbers > .*A message comes in/,
    },
  ],
  'default-worker': [
    {
      what: 'one of them is not a Frontline user',
      circumstances: { env: { DEFAULT_WORKER: `${ANA}, Ana@example.com` } },
      message: /^Ana@example\.com is not a Frontline user$/,
      fix: /DEFAULT_WORKER .*Frontline > Manage > Users/,
    },
    {
      what: 'they are deactivated',
      arrange: (twilio) => twilio.setUser(ANA, { state: 'deactivated' }),
      message: /^ana@example\.com is deactivated$/,
      fix: /DEFAULT_WORKER/,
    },
  ],
};

describe.each(Object.entries(FAULTS))('%s alone fails', (id, faults) => {
  test.each(faults)('if $what', async ({ arrange, circumstances, message, fix, unknown = [] }) => {
    const twilio = await aSetUpAccount();
    arrange?.(twilio);

    const outcomes = await diagnose(twilio, circumstances);

    expect(idsOf(outcomes, 'fail')).toEqual([id]);
    expect(outcomes.get(id)).toMatchObject({
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
    expect(idsOf(outcomes, 'skip')).toEqual(unknown);
  });
});

describe('a secret that cannot be read', () => {
  test('does not fail this check, and skips no other', async () => {
    const twilio = await aSetUpAccount();
    const secret = new ConfigurationError(['The credentials secret is empty: fill it']);

    const outcomes = await diagnose(twilio, { secret });

    expect(idsOf(outcomes, 'fail')).toEqual([]);
    expect(idsOf(outcomes, 'skip')).toEqual(['twilio-token']);
    expect(outcomes.get('twilio-token')).toMatchObject({
      message: expect.stringContaining('The credentials secret is empty'),
      fix: expect.stringContaining('the stack and its secret'),
    });
  });

  test('does not hide a fault', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { preUrl: OLD_CALLBACK_URL });

    const outcomes = await diagnose(twilio, {
      secret: new ConfigurationError(['The stack is not deployed']),
    });

    expect(idsOf(outcomes, 'fail')).toEqual(['webhooks']);
  });
});

describe('while tokens are rotated', () => {
  const secondary = 'e'.repeat(32);

  test('a secret with the new token and the old one passes', async () => {
    const twilio = await aSetUpAccount({ secondaryAuthToken: secondary });
    const secret = { ...SECRET, AUTH_TOKEN: secondary, AUTH_TOKEN_SECONDARY: AUTH_TOKEN };

    const outcomes = await diagnose(twilio, { secret });

    expect(idsOf(outcomes, 'pass')).toEqual(IDS);
  });

  test('a secret with the new token alone fails, although Twilio accepts it: Twilio still signs with the old one', async () => {
    const twilio = await aSetUpAccount({ secondaryAuthToken: secondary });

    const outcomes = await diagnose(twilio, { secret: { ...SECRET, AUTH_TOKEN: secondary } });

    expect(idsOf(outcomes, 'fail')).toEqual(['twilio-token']);
    expect(outcomes.get('twilio-token')?.message).toContain('Twilio signs with a token');
  });
});

test('webhooks keep the events of others, which is reported', async () => {
  const twilio = await aSetUpAccount();
  setWebhooks(twilio, { filters: [...OUR_EVENTS, 'onUserAdded'] });

  const outcomes = await diagnose(twilio);

  expect(outcomes.get('webhooks')).toEqual({
    status: 'pass',
    message: '"Frontline Service" tells this stack of all its events, and of others: onUserAdded',
  });
});

test('no line shows a token', async () => {
  const twilio = await aSetUpAccount();
  const wrong = 'f'.repeat(32);

  const all = await Promise.all([
    diagnose(twilio, { env: { AUTH_TOKEN: wrong } }),
    diagnose(twilio, { secret: { ...SECRET, AUTH_TOKEN: wrong } }),
    diagnose(twilio),
  ]);

  const text = JSON.stringify(all.map((outcomes) => [...outcomes]));
  expect(text).not.toContain(wrong);
  expect(text).not.toContain(AUTH_TOKEN);
});

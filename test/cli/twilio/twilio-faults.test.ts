import { describe, expect, test } from '@jest/globals';
import { NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
import { idsWith } from '../doctor/examine';
import {
  ANA,
  addService,
  anAddress,
  applied,
  aSetUpAccount,
  CALLBACK_URL,
  diagnose,
  type Env,
  FOREIGN_URL,
  IDS,
  OLD_CALLBACK_URL,
  OTHER_SERVICE,
  OUR_EVENTS,
  service,
  setNumber,
  setWebhooks,
  stepFor,
  webhooksOf,
} from './frontline-account';

interface TwilioFault {
  readonly what: string;
  readonly arrange?: (twilio: TwilioEmulator) => void;
  readonly env?: Env;
  readonly message: RegExp;
  /** Who fixes it: setup, setup with leave to replace another integration, or only a person. */
  readonly by: 'setup' | 'replacing' | 'person';
  readonly fix: RegExp;
  /** The checks that are skipped then. */
  readonly skipped?: readonly string[];
}

const bySetup = { by: 'setup', fix: /^npx frontline setup$/ } as const;
const byReplacing = { by: 'replacing', fix: /--replace-existing$/ } as const;
const inConsole = { by: 'person', fix: /^Conversations > Defaults/ } as const;
const inDotEnv = { by: 'person', fix: /TWILIO_SMS_NUMBER .*npx frontline setup/ } as const;

const FAULTS: Readonly<Record<string, readonly TwilioFault[]>> = {
  'twilio-token': [
    {
      what: '.env has a wrong token',
      env: { AUTH_TOKEN: 'f'.repeat(32) },
      message: /ACCOUNT_SID and AUTH_TOKEN/,
      by: 'person',
      fix: /\.env/,
    },
    {
      what: 'the account is suspended',
      arrange: (twilio: TwilioEmulator) => twilio.configure({ status: 'suspended' }),
      message: /is suspended/,
      by: 'person' as const,
      fix: /console/,
    },
    {
      what: 'Twilio is down',
      arrange: (twilio: TwilioEmulator) => twilio.faults.always({ kind: 'unavailable' }),
      message: /503/,
      by: 'person' as const,
      fix: /run the doctor again/,
    },
  ].map((fault) => ({ ...fault, by: 'person', skipped: IDS.slice(1) })),
  'sms-number': [
    {
      what: 'it was released, and its address with it',
      arrange: (twilio: TwilioEmulator) =>
        twilio.configure({
          phoneNumbers: [],
          addresses: twilio.configuration.addresses.filter(({ address }) => address !== SMS_NUMBER),
        }),
      message: /\+15017122661 is not a number of this Twilio account/,
    },
    {
      what: 'it cannot send SMS',
      arrange: (twilio: TwilioEmulator) => setNumber(twilio, { canSms: false }),
      message: /cannot send SMS/,
    },
  ].map((fault) => ({ ...fault, ...inDotEnv, skipped: ['address-sms', 'message-comes-in'] })),
  'conversation-service': [
    {
      what: 'there is no default service',
      arrange: (twilio: TwilioEmulator) => twilio.configure({ defaultChatServiceSid: null }),
      message: /default conversation service is blank instead of Frontline Service/,
      ...bySetup,
    },
    {
      what: 'another service is the default',
      arrange: (twilio: TwilioEmulator) => {
        addService(twilio, 'Support chat');
        twilio.configure({ defaultChatServiceSid: OTHER_SERVICE });
      },
      message: /is "Support chat", not "Frontline Service"/,
      ...inConsole,
    },
    {
      what: 'no service is named after Frontline or the default',
      arrange: (twilio: TwilioEmulator) =>
        twilio.configure({ services: [service('Support chat')], defaultChatServiceSid: null }),
      message: /the account has "Support chat", and no default/,
      ...inConsole,
    },
    {
      what: 'several are named after Frontline, and the default is another integration’s',
      arrange: (twilio: TwilioEmulator) => {
        addService(twilio, 'Flex');
        const { services } = twilio.configuration;
        const staging = service('Frontline staging', OTHER_SERVICE.replace(/.$/, '7'));
        twilio.configure({ services: [...services, staging], defaultChatServiceSid: OTHER_SERVICE });
      },
      message: /and the default is "Flex"/,
      ...inConsole,
    },
    {
      what: 'there is no default messaging service',
      arrange: (twilio: TwilioEmulator) => twilio.configure({ defaultMessagingServiceSid: null }),
      message: /48032/,
      ...inConsole,
    },
  ].map((fault) => ({ ...fault, skipped: ['webhooks', 'address-sms', 'address-whatsapp'] })),
  webhooks: [
    {
      what: 'there are none',
      arrange: (twilio) => setWebhooks(twilio, NO_WEBHOOKS),
      message: /pre-event URL is blank .*post-event URL is blank .*missing event filters/,
      ...bySetup,
    },
    {
      what: 'both point to an old stack',
      arrange: (twilio) => setWebhooks(twilio, { preUrl: OLD_CALLBACK_URL, postUrl: OLD_CALLBACK_URL }),
      message: /pre-event URL is .*old\.example\.com.*; post-event URL is .*old\.example\.com/,
      ...bySetup,
    },
    {
      what: 'there is a typing error in the post-event URL',
      arrange: (twilio) => setWebhooks(twilio, { postUrl: `${CALLBACK_URL}/` }),
      message: /^"Frontline Service": post-event URL is \S+\/ instead of \S+$/,
      ...bySetup,
    },
    {
      what: 'the method is GET',
      arrange: (twilio) => setWebhooks(twilio, { method: 'GET' }),
      message: /method is GET instead of POST/,
      ...bySetup,
    },
    ...OUR_EVENTS.map((event) => ({
      what: `${event} is not filtered for`,
      arrange: (twilio: TwilioEmulator) =>
        setWebhooks(twilio, { filters: OUR_EVENTS.filter((one) => one !== event) }),
      message: new RegExp(`^"Frontline Service": missing event filters: ${event}$`),
      ...bySetup,
    })),
    ...[
      { preUrl: FOREIGN_URL, postUrl: FOREIGN_URL },
      { preUrl: FOREIGN_URL, postUrl: CALLBACK_URL },
      { preUrl: null, postUrl: FOREIGN_URL },
    ].map((urls) => ({
      what: `another integration has them: ${JSON.stringify(urls)}`,
      arrange: (twilio: TwilioEmulator) => setWebhooks(twilio, { ...urls, filters: ['onMessageAdded'] }),
      message: /belong to another integration: https:\/\/bot\.example\.org\/hooks\?…$/,
      ...byReplacing,
    })),
    {
      what: 'another integration receives the events through the account’s webhooks',
      arrange: (twilio) => {
        setWebhooks(twilio, NO_WEBHOOKS);
        twilio.configure({ webhooks: { ...NO_WEBHOOKS, postUrl: FOREIGN_URL, filters: ['onMessageAdded'] } });
      },
      message: /through the account's webhooks: https:\/\/bot\.example\.org\/hooks\?…/,
      ...byReplacing,
    },
    {
      what: 'the account’s webhooks point to this stack, but lack an event filter',
      arrange: (twilio) => {
        const { filters, ...ours } = webhooksOf(twilio) ?? NO_WEBHOOKS;
        setWebhooks(twilio, NO_WEBHOOKS);
        twilio.configure({ webhooks: { ...ours, filters: filters.slice(1) } });
      },
      message: new RegExp(`missing event filters: ${OUR_EVENTS[0]}$`),
      ...bySetup,
    },
  ],
  ...Object.fromEntries(
    [SMS_NUMBER, WHATSAPP_NUMBER].map((address): [string, readonly TwilioFault[]] => {
      const set = (fields?: Parameters<typeof anAddress>[1]) => (twilio: TwilioEmulator) => {
        const others = twilio.configuration.addresses.filter((one) => one.address !== address);
        twilio.configure({ addresses: [...others, ...(fields ? [anAddress(address, fields)] : [])] });
      };
      const studio = { type: 'studio', studioFlowSid: 'FW1' } as const;
      const webhook = { type: 'webhook', webhookUrl: FOREIGN_URL } as const;
      return [
        address === SMS_NUMBER ? 'address-sms' : 'address-whatsapp',
        [
          { what: 'it is not configured', arrange: set(), message: /not configured/, ...bySetup },
          { what: 'it is off', arrange: set({ enabled: false }), message: /autocreation is off/, ...bySetup },
          {
            what: 'conversations are created in another service',
            arrange: set({ conversationServiceSid: OTHER_SERVICE }),
            message: new RegExp(`${OTHER_SERVICE} instead of "Frontline Service"`),
            ...bySetup,
          },
          {
            what: 'Studio handles it',
            arrange: set(studio),
            message: /another integration: type studio, target FW1$/,
            ...byReplacing,
          },
          {
            what: 'a webhook handles it',
            arrange: set(webhook),
            message: /another integration: type webhook, target https:\/\/bot\.example\.org\/hooks\?…$/,
            ...byReplacing,
          },
        ],
      ];
    }),
  ),
  'message-comes-in': [
    {
      what: "Twilio's demo replies",
      arrange: (twilio) => setNumber(twilio, { smsUrl: 'https://demo.twilio.com/welcome/sms/reply' }),
      message: /handled by https:\/\/demo\.twilio\.com/,
      ...bySetup,
    },
    {
      what: 'another integration replies',
      arrange: (twilio) => setNumber(twilio, { smsUrl: FOREIGN_URL }),
      message: /handled by https:\/\/bot\.example\.org\/hooks\?… /,
      ...byReplacing,
    },
    {
      what: 'a URL similar to the demo replies',
      arrange: (twilio) => setNumber(twilio, { smsUrl: 'https://demo.twilio.com.example.org/' }),
      message: /example\.org/,
      ...byReplacing,
    },
    {
      what: 'a TwiML app replies',
      arrange: (twilio) => setNumber(twilio, { smsApplicationSid: 'AP123' }),
      message: /AP123/,
      ...byReplacing,
    },
  ],
  'default-worker': [
    {
      what: 'one of them is not a Frontline user',
      env: { DEFAULT_WORKER: `${ANA}, Ana@example.com` },
      message: /^Ana@example\.com is not a Frontline user$/,
      by: 'person',
      fix: /DEFAULT_WORKER .*Frontline > Manage > Users/,
    },
    {
      what: 'they are deactivated',
      arrange: (twilio) => twilio.setUser(ANA, { state: 'deactivated' }),
      message: /^ana@example\.com is deactivated$/,
      by: 'person',
      fix: /DEFAULT_WORKER/,
    },
  ],
};

describe.each(Object.entries(FAULTS))('%s alone fails', (id, faults) => {
  test.each(faults)('if $what', async ({ arrange, env, message, by, fix, skipped = [] }) => {
    const twilio = await aSetUpAccount();
    arrange?.(twilio);

    const results = await diagnose(twilio, env);

    expect(idsWith(results, 'fail')).toEqual([id]);
    expect(results.get(id)).toMatchObject({
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
    expect(idsWith(results, 'skip')).toEqual(skipped);
    if (id === 'twilio-token') return;
    const before = twilio.configuration;
    await applied(stepFor(twilio, { ...(env && { env }) }));
    if (by !== 'setup') expect(twilio.configuration).toEqual(before);
    await applied(stepFor(twilio, { ...(env && { env }), replaceExisting: true }));
    expect(idsWith(await diagnose(twilio, env), 'fail')).toEqual(by === 'person' ? [id] : []);
  });
});

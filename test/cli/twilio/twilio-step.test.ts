import { describe, expect, test } from '@jest/globals';
import { twilioStep } from '../../../cli/twilio/twilio-step';
import { type AccountConfiguration, NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import type { TwilioEmulator, TwilioOptions } from '../../../emulators/twilio/twilio-emulator';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import { aTwilio, SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
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
  webhooksOf,
  writes,
} from './frontline-account';

function stepFor(
  twilio: TwilioEmulator,
  {
    settings = {},
    callbackUrl = CALLBACK_URL,
    replaceExisting = false,
  }: { settings?: Record<string, string>; callbackUrl?: string | null; replaceExisting?: boolean } = {},
) {
  return twilioStep({ settings: settingsFor(twilio, settings), callbackUrl, replaceExisting });
}

/** An account after a setup, with one number. */
async function aSetUpAccount(options: Partial<TwilioOptions> = {}) {
  const twilio = await aTwilio(options);
  await applied(stepFor(twilio));
  return twilio;
}

describe('an account with a new Frontline', () => {
  test('is read without writing anything', async () => {
    const twilio = await aTwilio();

    const { upToDate, changes, manualSteps } = await stepFor(twilio).plan();

    expect(upToDate).toEqual([
      '"Frontline Service" is the default conversation service',
      `The default messaging service is ${twilio.configuration.defaultMessagingServiceSid}`,
      `${SMS_NUMBER} is a number of the account and can send SMS`,
      `"A message comes in" of ${SMS_NUMBER} is blank`,
    ]);
    expect(changes.map(({ summary }) => summary)).toEqual([
      'Point the webhooks of "Frontline Service" at this stack',
      `Auto-create conversations for ${SMS_NUMBER} (address configuration "Frontline Airtable")`,
      `Auto-create conversations for ${WHATSAPP_NUMBER} (address configuration "Frontline Airtable")`,
    ]);
    expect(changes[0]?.diff).toEqual([
      { what: 'pre-event URL', from: null, to: CALLBACK_URL },
      { what: 'post-event URL', from: null, to: CALLBACK_URL },
      { what: 'events', from: null, to: OUR_EVENTS.join(', ') },
    ]);
    expect(changes[1]?.diff).toEqual([
      { what: 'autocreation', from: null, to: 'on' },
      { what: 'type', from: null, to: 'default' },
      { what: 'conversation service', from: null, to: twilio.conversationServiceSid },
    ]);
    expect(manualSteps).toEqual([]);
    expect(writes(twilio)).toEqual([]);
  });

  test('is set up by the changes, and a second plan is empty', async () => {
    const twilio = await aTwilio();

    await applied(stepFor(twilio));
    const { changes, manualSteps, upToDate } = await stepFor(twilio).plan();

    const made = {
      friendlyName: 'Frontline Airtable',
      enabled: true,
      conversationServiceSid: twilio.conversationServiceSid,
    };
    expect(webhooksOf(twilio)).toEqual({
      preUrl: CALLBACK_URL,
      postUrl: CALLBACK_URL,
      filters: OUR_EVENTS,
      method: 'POST',
    });
    expect(twilio.configuration.addresses).toEqual([
      { ...anAddress(SMS_NUMBER, made), sid: expect.stringMatching(/^IG/) },
      { ...anAddress(WHATSAPP_NUMBER, made), sid: expect.stringMatching(/^IG/) },
    ]);
    expect(changes).toEqual([]);
    expect(manualSteps).toEqual([]);
    expect(upToDate).toContain('Webhooks of "Frontline Service" point to this stack');
    expect(upToDate).toContain(
      `Inbound messages to ${SMS_NUMBER} auto-create conversations in "Frontline Service"`,
    );
    expect(upToDate).toContain(
      `Inbound messages to ${WHATSAPP_NUMBER} auto-create conversations in "Frontline Service"`,
    );
  });

  test('gets no address for WhatsApp without a sender', async () => {
    const twilio = await aTwilio();

    await applied(stepFor(twilio, { settings: { TWILIO_WHATSAPP_NUMBER: '' } }));

    expect(twilio.configuration.addresses.map(({ address }) => address)).toEqual([SMS_NUMBER]);
  });

  test('is the same if every change is applied twice', async () => {
    const twilio = await aTwilio();
    const { changes } = await stepFor(twilio).plan();
    const make = async () => {
      for (const { apply } of changes) await apply(() => undefined);
    };

    await make();
    const once = twilio.configuration;
    await make();

    expect(twilio.configuration).toEqual(once);
  });

  test('can be read before deployment, but not set up', async () => {
    const twilio = await aTwilio();

    const { changes } = await stepFor(twilio, { callbackUrl: null }).plan();

    const url = "the stack's TwilioConversationsCallbackUrl, once it is deployed";
    expect(changes[0]?.diff).toContainEqual({ what: 'pre-event URL', from: null, to: url });
    await expect(changes[0]?.apply(() => undefined)).rejects.toThrow('not deployed');
    expect(webhooksOf(twilio)).toEqual(NO_WEBHOOKS);
  });
});

describe('the default services', () => {
  const named = (sid: string, friendlyName: string) => ({ sid, friendlyName, webhooks: NO_WEBHOOKS });

  test('are set where none exists', async () => {
    const twilio = await aTwilio({ configuration: { defaultChatServiceSid: null } });

    const { changes } = await applied(stepFor(twilio));

    expect(changes[0]).toMatchObject({
      summary: 'Make "Frontline Service" the default conversation service',
      diff: [{ from: null, to: `Frontline Service (${twilio.conversationServiceSid})` }],
    });
    expect(twilio.configuration.defaultChatServiceSid).toBe(twilio.conversationServiceSid);
  });

  test('are left to a person if another one is the default', async () => {
    const twilio = await aTwilio();
    twilio.configure({
      defaultChatServiceSid: OTHER_SERVICE,
      services: [...twilio.configuration.services, named(OTHER_SERVICE, 'Support chat')],
    });

    const { manualSteps } = await applied(stepFor(twilio, { replaceExisting: true }));

    expect(manualSteps).toEqual([
      {
        what: expect.stringContaining('is "Support chat", not "Frontline Service"'),
        fix: expect.stringMatching(/^Conversations > Defaults: .*Support chat/),
      },
    ]);
    expect(twilio.configuration.defaultChatServiceSid).toBe(OTHER_SERVICE);
    // Frontline's own service is set up anyway.
    expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
    expect(twilio.configuration.services[1]?.webhooks).toEqual(NO_WEBHOOKS);
  });

  test.each([
    ['none is named after Frontline', ['Default Conversations Service', 'Support chat']],
    ['several are named after it', ['Frontline Service', 'Frontline staging']],
  ])('identify the service if %s', async (_where, [ours = '', other = '']) => {
    const twilio = await aTwilio();
    twilio.configure({
      services: [named(OTHER_SERVICE, other), named(twilio.conversationServiceSid, ours)],
    });

    await applied(stepFor(twilio));

    expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
    expect(twilio.configuration.services[0]?.webhooks).toEqual(NO_WEBHOOKS);
  });

  test('become a manual step if the service is ambiguous', async () => {
    const twilio = await aTwilio({ configuration: { defaultChatServiceSid: null } });
    twilio.configure({ services: [named(OTHER_SERVICE, 'Support chat')] });

    const { changes, manualSteps } = await stepFor(twilio).plan();

    expect(changes).toEqual([]);
    expect(manualSteps).toMatchObject([
      {
        what: expect.stringContaining('"Support chat", and no default'),
        fix: expect.stringContaining('Conversations > Defaults'),
      },
    ]);
  });

  test("keep another integration's if several are named after Frontline and the default is not one of them", async () => {
    const twilio = await aTwilio();
    twilio.configure({
      defaultChatServiceSid: OTHER_SERVICE,
      services: [
        named(OTHER_SERVICE, 'Flex'),
        named(twilio.conversationServiceSid, 'Frontline Service'),
        named(OTHER_SERVICE.replace(/.$/, '7'), 'Frontline staging'),
      ],
    });

    const { changes, manualSteps } = await stepFor(twilio).plan();

    expect(changes).toEqual([]);
    expect(manualSteps).toMatchObject([{ what: expect.stringContaining('and the default is "Flex"') }]);
  });

  test('of messaging are left to a person', async () => {
    const twilio = await aTwilio({ configuration: { defaultMessagingServiceSid: null } });

    const { manualSteps } = await stepFor(twilio).plan();

    expect(manualSteps).toMatchObject([
      {
        what: expect.stringContaining('48032'),
        fix: expect.stringContaining('Conversations > Defaults'),
      },
    ]);
  });
});

describe('webhooks', () => {
  test('of an older stack are replaced, with one line per change', async () => {
    const twilio = await aTwilio();
    setWebhooks(twilio, {
      preUrl: OLD_CALLBACK_URL,
      postUrl: OLD_CALLBACK_URL,
      method: 'GET',
      filters: ['onMessageAdded', 'onConversationAdd'],
    });

    const { changes } = await applied(stepFor(twilio));

    expect(changes[0]?.diff).toEqual([
      { what: 'pre-event URL', from: OLD_CALLBACK_URL, to: CALLBACK_URL },
      { what: 'post-event URL', from: OLD_CALLBACK_URL, to: CALLBACK_URL },
      { what: 'method', from: 'GET', to: 'POST' },
      { what: 'events', from: 'onConversationAdd, onMessageAdded', to: OUR_EVENTS.join(', ') },
    ]);
    expect(webhooksOf(twilio)).toEqual({
      preUrl: CALLBACK_URL,
      postUrl: CALLBACK_URL,
      method: 'POST',
      filters: [
        ...['onMessageAdded', 'onConversationAdd', 'onDeliveryUpdated'],
        ...['onMessageAdd', 'onParticipantAdded'],
      ],
    });
  });

  test.each([
    ['a missing URL', { postUrl: null }, 'post-event URL'],
    ['a typing error in a URL', { preUrl: `${CALLBACK_URL}/` }, 'pre-event URL'],
    ['another method', { method: 'GET' }, 'method'],
    ['a missing event', { filters: OUR_EVENTS.slice(1) }, 'events'],
  ] as const)('are fixed for %s only', async (_what, fault, what) => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, fault);

    const { changes } = await applied(stepFor(twilio));

    expect(changes).toHaveLength(1);
    expect(changes[0]?.diff.map((one) => one.what)).toEqual([what]);
    const after = webhooksOf(twilio);
    expect(after).toMatchObject({ preUrl: CALLBACK_URL, postUrl: CALLBACK_URL, method: 'POST' });
    expect([...(after?.filters ?? [])].sort()).toEqual(OUR_EVENTS);
  });

  test('are up to date in another order, and with connection settings after #', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { filters: [...OUR_EVENTS].reverse(), preUrl: `${CALLBACK_URL}#rc=2` });

    expect((await stepFor(twilio).plan()).changes).toEqual([]);
  });

  test('keep the event filters of others, and name them', async () => {
    const twilio = await aTwilio();
    setWebhooks(twilio, { filters: ['onUserAdded', 'onMessageAdd'] });

    const { upToDate } = await applied(stepFor(twilio));

    expect(upToDate).toContain('Event filters of other integrations are kept: onUserAdded');
    expect(webhooksOf(twilio)?.filters).toEqual([
      'onUserAdded',
      'onMessageAdd',
      ...['onConversationAdd', 'onDeliveryUpdated', 'onMessageAdded', 'onParticipantAdded'],
    ]);
  });

  describe.each([
    ['both', { preUrl: FOREIGN_URL, postUrl: FOREIGN_URL }],
    ['the pre-event one', { preUrl: FOREIGN_URL, postUrl: CALLBACK_URL }],
    ['the post-event one', { preUrl: null, postUrl: FOREIGN_URL }],
  ])('of another integration (%s)', (_which, urls) => {
    test('are kept, and named without parts that may be a password', async () => {
      const twilio = await aTwilio();
      setWebhooks(twilio, { ...urls, filters: ['onMessageAdded'] });
      const before = webhooksOf(twilio);

      const { manualSteps } = await applied(stepFor(twilio));

      expect(manualSteps).toEqual([
        {
          what: 'The webhooks of "Frontline Service" belong to another integration: https://bot.example.org/hooks?…',
          fix: expect.stringMatching(
            /^Conversations > Services > Frontline Service > Webhooks.*--replace-existing$/,
          ),
        },
      ]);
      expect(webhooksOf(twilio)).toEqual(before);
    });

    test('are replaced on request, and shown in full, so that they can be restored', async () => {
      const twilio = await aTwilio();
      setWebhooks(twilio, { ...urls, filters: ['onMessageAdded', 'onUserAdded'] });

      const { changes, manualSteps } = await applied(stepFor(twilio, { replaceExisting: true }));

      expect(manualSteps).toEqual([]);
      expect(changes[0]?.diff.map(({ from }) => from)).toContain(FOREIGN_URL);
      expect(webhooksOf(twilio)).toMatchObject({ preUrl: CALLBACK_URL, postUrl: CALLBACK_URL });
      expect(webhooksOf(twilio)?.filters).toContain('onUserAdded');
    });
  });

  describe('of the account, which a service silences with its own', () => {
    const ofAccount = { ...NO_WEBHOOKS, postUrl: FOREIGN_URL, filters: ['onMessageAdded'] };

    test('are a manual step if they receive events of this service', async () => {
      const twilio = await aTwilio({ configuration: { webhooks: ofAccount } });

      const { manualSteps } = await applied(stepFor(twilio));

      expect(manualSteps).toMatchObject([
        {
          what: expect.stringContaining('https://bot.example.org/hooks?…'),
          fix: expect.stringContaining('--replace-existing'),
        },
      ]);
      expect(webhooksOf(twilio)).toEqual(NO_WEBHOOKS);
    });

    test('are silenced on request, which the difference shows, and not changed', async () => {
      const twilio = await aTwilio({ configuration: { webhooks: ofAccount } });

      const { changes } = await applied(stepFor(twilio, { replaceExisting: true }));

      expect(changes[0]?.diff).toContainEqual({
        what: "the account's webhook, for this service",
        from: FOREIGN_URL,
        to: 'no events',
      });
      expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
      expect(twilio.configuration.webhooks).toEqual(ofAccount);
    });

    test('are only mentioned if they receive none of its events', async () => {
      const twilio = await aSetUpAccount();
      twilio.configure({ webhooks: ofAccount });

      const { upToDate, manualSteps } = await stepFor(twilio).plan();

      expect(manualSteps).toEqual([]);
      expect(upToDate).toContainEqual(expect.stringContaining("account's own webhooks"));
    });
  });
});

describe('address configurations', () => {
  const inOther = { conversationServiceSid: OTHER_SERVICE };

  test.each([
    ['switched off', { enabled: false }, { what: 'autocreation', from: 'off', to: 'on' }],
    ['of another service', inOther, { what: 'conversation service', from: OTHER_SERVICE }],
  ] as const)('%s are fixed, and keep their name', async (_what, fault, line) => {
    const twilio = await aTwilio();
    const before = anAddress(SMS_NUMBER, {
      friendlyName: 'By hand',
      conversationServiceSid: twilio.conversationServiceSid,
      ...fault,
    });
    twilio.configure({ addresses: [before] });

    const { changes } = await applied(stepFor(twilio));

    expect(changes[1]?.diff).toMatchObject([line]);
    expect(twilio.configuration.addresses[0]).toEqual({
      ...before,
      autoCreation: {
        ...before.autoCreation,
        enabled: true,
        conversationServiceSid: twilio.conversationServiceSid,
      },
    });
  });

  test('of the default service are up to date without naming it', async () => {
    const twilio = await aTwilio();
    twilio.configure({ addresses: [anAddress(SMS_NUMBER), anAddress(WHATSAPP_NUMBER)] });

    const { changes } = await stepFor(twilio).plan();

    expect(changes.map(({ summary }) => summary)).toEqual([
      'Point the webhooks of "Frontline Service" at this stack',
    ]);
  });

  describe.each([
    [
      'a webhook',
      { type: 'webhook', webhookUrl: FOREIGN_URL },
      'https://bot.example.org/hooks?…',
      FOREIGN_URL,
    ],
    ['Studio', { type: 'studio', studioFlowSid: 'FW123' }, 'FW123', 'FW123'],
  ] as const)('of %s', (_what, fields, shown, whole) => {
    test('are kept, and named', async () => {
      const twilio = await aTwilio();
      const before = anAddress(WHATSAPP_NUMBER, fields);
      twilio.configure({ addresses: [before] });

      const { manualSteps } = await applied(stepFor(twilio));

      expect(manualSteps).toEqual([
        {
          what: `Inbound messages to ${WHATSAPP_NUMBER} belong to another integration: type ${fields.type}, target ${shown}`,
          fix: expect.stringContaining('--replace-existing'),
        },
      ]);
      expect(twilio.configuration.addresses).toContainEqual(before);
    });

    test('are replaced on request', async () => {
      const twilio = await aTwilio();
      twilio.configure({ addresses: [anAddress(WHATSAPP_NUMBER, fields)] });

      const { changes } = await applied(stepFor(twilio, { replaceExisting: true }));

      expect(changes.flatMap(({ diff }) => diff)).toContainEqual({
        what: 'target',
        from: whole,
        to: null,
      });
      expect(twilio.configuration.addresses[0]?.autoCreation).toMatchObject({
        type: 'default',
        enabled: true,
        conversationServiceSid: twilio.conversationServiceSid,
      });
      const { changes: again } = await stepFor(twilio).plan();
      expect(again).toEqual([]);
    });
  });
});

describe('the number for texts', () => {
  test("that is not the account's is named, and nothing is configured for it", async () => {
    const twilio = await aTwilio();

    const { manualSteps } = await applied(
      stepFor(twilio, { settings: { TWILIO_SMS_NUMBER: '+15005550006' } }),
    );

    expect(manualSteps).toMatchObject([
      {
        what: '+15005550006 is not a number of this Twilio account',
        fix: expect.stringContaining('TWILIO_SMS_NUMBER'),
      },
    ]);
    expect(twilio.configuration.addresses.map(({ address }) => address)).toEqual([WHATSAPP_NUMBER]);
  });

  test('that cannot send texts is named', async () => {
    const twilio = await aTwilio();
    setNumber(twilio, { canSms: false });

    const { manualSteps } = await stepFor(twilio).plan();

    expect(manualSteps).toMatchObject([{ what: `${SMS_NUMBER} cannot send SMS` }]);
  });

  test("no longer replies with Twilio's demo", async () => {
    const twilio = await aTwilio();
    const smsUrl = 'https://demo.twilio.com/welcome/sms/reply';
    setNumber(twilio, { smsUrl });

    const { changes } = await applied(stepFor(twilio));

    expect(changes.at(-1)).toMatchObject({
      summary: `Clear "A message comes in" of ${SMS_NUMBER}`,
      diff: [{ what: 'A message comes in', from: smsUrl, to: null }],
    });
    expect(twilio.configuration.phoneNumbers[0]).toMatchObject({ smsUrl: '' });
  });

  describe.each([
    ['a web address', { smsUrl: FOREIGN_URL }, 'https://bot.example.org/hooks?…'],
    ['a URL similar to the demo', { smsUrl: 'https://demo.twilio.com.example.org/' }, 'example.org'],
    ['a TwiML app', { smsApplicationSid: 'AP123' }, 'AP123'],
  ])('that %s handles', (_what, fields, named) => {
    test('is kept, and the other integration is named', async () => {
      const twilio = await aTwilio();
      setNumber(twilio, fields);

      const { manualSteps } = await applied(stepFor(twilio));

      expect(manualSteps).toMatchObject([
        {
          what: expect.stringContaining(named),
          fix: expect.stringMatching(/^Phone Numbers .*A message comes in.*--replace-existing$/),
        },
      ]);
      expect(twilio.configuration.phoneNumbers[0]).toMatchObject(fields);
    });

    test('is cleared on request', async () => {
      const twilio = await aTwilio();
      setNumber(twilio, fields);

      await applied(stepFor(twilio, { replaceExisting: true }));

      expect(twilio.configuration.phoneNumbers[0]).toMatchObject({ smsUrl: '', smsApplicationSid: '' });
    });
  });
});

describe('settings of others', () => {
  test('stay exactly the same', async () => {
    const others: Partial<AccountConfiguration> = {
      addresses: [anAddress('+15005550001', { type: 'studio', studioFlowSid: 'FW1', friendlyName: 'IVR' })],
    };
    const twilio = await aTwilio({ configuration: others });
    const number = { phoneNumber: '+15005550001', canSms: true, smsUrl: FOREIGN_URL, smsApplicationSid: '' };
    const service = {
      sid: OTHER_SERVICE,
      friendlyName: 'Support chat',
      webhooks: { preUrl: FOREIGN_URL, postUrl: null, filters: ['onMessageAdd'], method: 'GET' },
    } as const;
    twilio.configure({
      phoneNumbers: [number, ...twilio.configuration.phoneNumbers],
      services: [service, ...twilio.configuration.services],
    });
    const before = twilio.configuration;

    await applied(stepFor(twilio, { replaceExisting: true }));

    const after = twilio.configuration;
    expect(after.phoneNumbers).toEqual(before.phoneNumbers);
    expect(after.services[0]).toEqual(service);
    expect(after.addresses[0]).toEqual(before.addresses[0]);
    expect(after.webhooks).toEqual(before.webhooks);
    expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
  });
});

describe('an interrupted setup', () => {
  /** An account that needs every kind of change. */
  async function aFaultyAccount() {
    const twilio = await aTwilio({ configuration: { defaultChatServiceSid: null } });
    setWebhooks(twilio, { preUrl: OLD_CALLBACK_URL, filters: ['onUserAdded'] });
    setNumber(twilio, { smsUrl: 'https://demo.twilio.com/welcome/sms/reply' });
    twilio.configure({ addresses: [anAddress(SMS_NUMBER, { enabled: false, friendlyName: 'By hand' })] });
    return twilio;
  }
  const WRITES = 5;
  const faults: readonly Fault[] = [
    { kind: 'connection-reset' },
    { kind: 'response-lost' },
    { kind: 'server-error' },
  ];
  const cases = faults.flatMap((fault) =>
    Array.from({ length: WRITES }, (_, index): [number, string, Fault] => [index + 1, fault.kind, fault]),
  );

  test('has five writes', async () => {
    const twilio = await aFaultyAccount();
    await applied(stepFor(twilio));
    expect(writes(twilio)).toHaveLength(WRITES);
  });

  test.each(cases)('at write %d (%s) ends in the same state when run again', async (nth, _kind, fault) => {
    const unbroken = await aFaultyAccount();
    await applied(stepFor(unbroken));
    const twilio = await aFaultyAccount();
    let count = 0;
    twilio.faults.next(1, fault, ({ method }) => {
      if (method === 'GET') return false;
      count += 1;
      return count === nth;
    });

    await expect(applied(stepFor(twilio))).rejects.toMatchObject({ name: 'Unavailable' });
    expect(writes(twilio)).toHaveLength(nth);
    await applied(stepFor(twilio));

    expect(twilio.configuration).toEqual(unbroken.configuration);
    expect((await stepFor(twilio).plan()).changes).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { type AccountConfiguration, NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import { INBOX_EVENTS } from '../../../lambdas/twilio/callbacks';
import { AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
import { idsWith } from '../doctor/examine';
import {
  addService,
  anAccount,
  anAddress,
  applied,
  applyAll,
  aSetUpAccount,
  CALLBACK_URL,
  diagnose,
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
  writes,
} from './frontline-account';

describe('an account with a new Frontline', () => {
  test('is planned without writing anything', async () => {
    const twilio = await anAccount();

    const { changes, manualSteps } = await stepFor(twilio).plan();

    expect(manualSteps).toEqual([]);
    expect(changes.map(({ diff }) => diff)).toEqual([
      [
        { what: 'pre-event URL', from: null, to: CALLBACK_URL },
        { what: 'post-event URL', from: null, to: CALLBACK_URL },
        { what: 'events', from: null, to: OUR_EVENTS.join(', ') },
      ],
      ...['sms', 'whatsapp'].map(() => [
        { what: 'autocreation', from: null, to: 'on' },
        { what: 'type', from: null, to: 'default' },
        { what: 'conversation service', from: null, to: twilio.conversationServiceSid },
      ]),
    ]);
    expect(writes(twilio)).toEqual([]);
  });

  test('is set up by the changes: the second plan is empty, and the doctor passes without writing', async () => {
    const twilio = await aSetUpAccount();
    const before = writes(twilio);

    expect(webhooksOf(twilio)).toEqual({
      preUrl: CALLBACK_URL,
      postUrl: CALLBACK_URL,
      filters: OUR_EVENTS,
      method: 'POST',
    });
    const made = {
      friendlyName: 'Frontline Airtable',
      enabled: true,
      conversationServiceSid: twilio.conversationServiceSid,
    };
    expect(twilio.configuration.addresses).toEqual([
      { ...anAddress(SMS_NUMBER, made), sid: expect.stringMatching(/^IG/) },
      { ...anAddress(WHATSAPP_NUMBER, made), sid: expect.stringMatching(/^IG/) },
    ]);
    expect(await stepFor(twilio).plan()).toMatchObject({ changes: [], manualSteps: [] });
    expect(idsWith(await diagnose(twilio), 'pass')).toEqual(IDS);
    expect(writes(twilio)).toEqual(before);
  });

  test('needs no WhatsApp sender and no default worker', async () => {
    const twilio = await anAccount();
    const env = { TWILIO_WHATSAPP_NUMBER: '', DEFAULT_WORKER: '' };

    await applied(stepFor(twilio, { env }));

    expect(twilio.configuration.addresses.map(({ address }) => address)).toEqual([SMS_NUMBER]);
    expect(idsWith(await diagnose(twilio, env), 'pass')).toEqual(IDS);
  });

  test('is the same if every change is applied twice', async () => {
    const twilio = await anAccount();
    const { changes } = await stepFor(twilio).plan();

    await applyAll(changes);
    const once = twilio.configuration;
    await applyAll(changes);

    expect(twilio.configuration).toEqual(once);
  });

  test('can be planned before deployment, but not set up', async () => {
    const twilio = await anAccount();

    const { changes } = await stepFor(twilio, { callbackUrl: null }).plan();

    const to = expect.stringContaining('once it is deployed');
    expect(changes[0]?.diff).toContainEqual({ what: 'pre-event URL', from: null, to });
    await expect(changes[0]?.apply(() => undefined)).rejects.toThrow('not deployed');
    expect(webhooksOf(twilio)).toEqual(NO_WEBHOOKS);
  });

  test('continues without a WhatsApp sender that the account does not have, and names the fix', async () => {
    const twilio = await anAccount({ ourNumbers: [SMS_NUMBER] });

    const { changes } = await stepFor(twilio).plan();

    expect(changes.map(({ fixIfItFails }) => fixIfItFails)).toEqual([
      ...[undefined, undefined],
      expect.stringContaining('TWILIO_WHATSAPP_NUMBER'),
    ]);
  });
});

describe('webhooks', () => {
  test('keep the event filters of others, and name them', async () => {
    const twilio = await anAccount();
    setWebhooks(twilio, { filters: ['onUserAdded', 'onMessageAdd'] });

    const { upToDate } = await applied(stepFor(twilio));

    expect(upToDate).toContainEqual(expect.stringMatching(/kept: onUserAdded$/));
    expect(webhooksOf(twilio)?.filters).toEqual([
      ...['onUserAdded', 'onMessageAdd', 'onConversationAdd', 'onDeliveryUpdated'],
      ...['onMessageAdded', 'onParticipantAdded'],
    ]);
  });

  test('lose the event filters of an inbox that is off', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { filters: ['onUserAdded', ...OUR_EVENTS, ...INBOX_EVENTS] });

    const { upToDate, changes } = await applied(stepFor(twilio));

    expect(upToDate).toContainEqual(expect.stringMatching(/kept: onUserAdded$/));
    expect(changes.map(({ problem }) => problem)).toEqual([
      `"Frontline Service": event filters of an inbox that is off: ${INBOX_EVENTS.join(', ')}`,
    ]);
    expect(webhooksOf(twilio)?.filters).toEqual(['onUserAdded', ...OUR_EVENTS]);
    expect((await stepFor(twilio).plan()).changes).toEqual([]);
  });

  test('keep the event filters of an inbox that .env does not have, and get none of it', async () => {
    const twilio = await aSetUpAccount();
    const [kept = '', ...missing] = INBOX_EVENTS;
    setWebhooks(twilio, { filters: [...OUR_EVENTS, kept] });

    const { upToDate, changes } = await applied(stepFor(twilio, { hasInboxStack: true }));

    expect(missing).not.toEqual([]);
    expect(changes).toEqual([]);
    expect(upToDate).toContain('Webhooks of "Frontline Service" point to this stack');
    expect((await diagnose(twilio, {}, true)).get('webhooks')?.status).toBe('pass');
    expect((await diagnose(twilio)).get('webhooks')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('event filters of an inbox that is off'),
    });
  });

  test('are up to date in another order, and with connection settings after #', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { filters: [...OUR_EVENTS].reverse(), preUrl: `${CALLBACK_URL}#rc=2` });

    expect((await stepFor(twilio).plan()).changes).toEqual([]);
  });

  test('of another integration are shown in full when they are replaced, so that they can be restored', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { postUrl: FOREIGN_URL });

    const { changes } = await stepFor(twilio, { replaceExisting: true }).plan();

    expect(changes[0]?.diff).toContainEqual({ what: 'post-event URL', from: FOREIGN_URL, to: CALLBACK_URL });
  });

  describe('of the account', () => {
    const foreign = { ...NO_WEBHOOKS, postUrl: FOREIGN_URL, filters: ['onMessageAdded'] } as const;

    test('serve as well as the service’s own, for setup and doctor alike', async () => {
      const twilio = await aSetUpAccount();
      twilio.configure({ webhooks: webhooksOf(twilio) ?? NO_WEBHOOKS });
      setWebhooks(twilio, NO_WEBHOOKS);

      expect(idsWith(await diagnose(twilio), 'fail')).toEqual([]);
      expect((await stepFor(twilio).plan()).changes).toEqual([]);
    });

    test('receive no more events of this service, which the difference shows, and are not changed', async () => {
      const twilio = await anAccount({ configuration: { webhooks: foreign } });

      const { changes } = await applied(stepFor(twilio, { replaceExisting: true }));

      expect(changes[0]?.diff).toContainEqual(
        expect.objectContaining({ from: FOREIGN_URL, to: 'no events' }),
      );
      expect(twilio.configuration.webhooks).toEqual(foreign);
    });

    test('are only mentioned if they receive none of its events', async () => {
      const twilio = await aSetUpAccount();
      twilio.configure({ webhooks: foreign });

      const { upToDate, manualSteps } = await stepFor(twilio).plan();

      expect(manualSteps).toEqual([]);
      expect(upToDate).toContainEqual(expect.stringContaining('https://bot.example.org/hooks?…'));
    });
  });
});

describe('address configurations', () => {
  test('keep their name when they are corrected', async () => {
    const twilio = await anAccount();
    twilio.configure({ addresses: [anAddress(SMS_NUMBER, { enabled: false, friendlyName: 'By hand' })] });

    await applied(stepFor(twilio));

    expect(twilio.configuration.addresses[0]).toMatchObject({
      friendlyName: 'By hand',
      autoCreation: { enabled: true },
    });
  });

  test('of the default service are up to date without naming it', async () => {
    const twilio = await aSetUpAccount();
    twilio.configure({ addresses: [anAddress(SMS_NUMBER), anAddress(WHATSAPP_NUMBER)] });

    expect((await stepFor(twilio).plan()).changes).toEqual([]);
  });
});

test.each([
  ['none is named after Frontline', ['Default Conversations Service', 'Support chat']],
  ['several are named after it', ['Frontline Service', 'Frontline staging']],
])('the default identifies the service if %s', async (_where, [ours = '', other = '']) => {
  const twilio = await anAccount();
  twilio.configure({ services: [service(other), service(ours, twilio.conversationServiceSid)] });

  await applied(stepFor(twilio));

  expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
  expect(twilio.configuration.services[0]?.webhooks).toEqual(NO_WEBHOOKS);
});

test("Frontline's own service is set up although another one is the default", async () => {
  const twilio = await anAccount();
  addService(twilio, 'Support chat');
  twilio.configure({ defaultChatServiceSid: OTHER_SERVICE });

  await applied(stepFor(twilio));

  expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
});

test('settings of others stay exactly the same', async () => {
  const others: Partial<AccountConfiguration> = {
    addresses: [anAddress('+15005550001', { type: 'studio', studioFlowSid: 'FW1', friendlyName: 'IVR' })],
  };
  const twilio = await anAccount({ configuration: others });
  const number = { phoneNumber: '+15005550001', canSms: true, smsUrl: FOREIGN_URL, smsApplicationSid: '' };
  const support = {
    ...service('Support chat'),
    webhooks: { preUrl: FOREIGN_URL, postUrl: null, filters: ['onMessageAdd'], method: 'GET' },
  } as const;
  twilio.configure({
    phoneNumbers: [number, ...twilio.configuration.phoneNumbers],
    services: [support, ...twilio.configuration.services],
  });
  const before = twilio.configuration;

  await applied(stepFor(twilio, { replaceExisting: true }));

  const after = twilio.configuration;
  expect(after.phoneNumbers).toEqual(before.phoneNumbers);
  expect(after.services[0]).toEqual(support);
  expect(after.addresses[0]).toEqual(before.addresses[0]);
  expect(after.webhooks).toEqual(before.webhooks);
  expect(webhooksOf(twilio)?.preUrl).toBe(CALLBACK_URL);
});

describe('while tokens are rotated', () => {
  const secondary = 'e'.repeat(32);

  test('both tokens in .env pass', async () => {
    const twilio = await aSetUpAccount({ secondaryAuthToken: secondary });
    const env = { AUTH_TOKEN: secondary, AUTH_TOKEN_SECONDARY: AUTH_TOKEN };

    expect(idsWith(await diagnose(twilio, env), 'pass')).toEqual(IDS);
  });

  test('the new token alone fails, although Twilio accepts it: Twilio still signs with the old one', async () => {
    const twilio = await aSetUpAccount({ secondaryAuthToken: secondary });

    const results = await diagnose(twilio, { AUTH_TOKEN: secondary });

    expect(idsWith(results, 'fail')).toEqual(['twilio-token']);
    expect(results.get('twilio-token')).toMatchObject({
      message: expect.stringContaining('Twilio signs with'),
    });
  });
});

test('no line shows a token', async () => {
  const twilio = await aSetUpAccount();
  const wrong = 'f'.repeat(32);

  const all = [await diagnose(twilio, { AUTH_TOKEN: wrong }), await diagnose(twilio)];

  const text = JSON.stringify(all.map((results) => [...results]));
  expect(text).not.toContain(wrong);
  expect(text).not.toContain(AUTH_TOKEN);
});

describe('an interrupted setup', () => {
  /** An account that needs every kind of change. */
  async function aFaultyAccount() {
    const twilio = await anAccount({ configuration: { defaultChatServiceSid: null } });
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

  test.each(cases)('at write %d (%s) ends in the same state when run again', async (nth, _kind, fault) => {
    const unbroken = await aFaultyAccount();
    await applied(stepFor(unbroken));
    expect(writes(unbroken)).toHaveLength(WRITES);
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

import { describe, expect, test } from '@jest/globals';
import { twilioTeardownStep } from '../../../cli/twilio/twilio-teardown-step';
import { NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import { aTwilio, SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
import {
  anAddress,
  applied,
  applyAll,
  CALLBACK_URL,
  FOREIGN_URL,
  OLD_CALLBACK_URL,
  OTHER_SERVICE,
  OUR_EVENTS,
  settingsFor,
  setWebhooks,
  stepFor,
  webhooksOf,
  writes,
} from './frontline-account';

function setUp(twilio: TwilioEmulator, replaceExisting = false) {
  return applied(stepFor(twilio, { replaceExisting }));
}

function teardown(twilio: TwilioEmulator, callbackUrl: string | null = CALLBACK_URL) {
  return twilioTeardownStep({ settings: settingsFor(twilio), callbackUrl });
}

async function aSetUpAccount() {
  const twilio = await aTwilio();
  await setUp(twilio);
  return twilio;
}

describe("setup's changes", () => {
  test('are shown line by line, and nothing is written', async () => {
    const twilio = await aSetUpAccount();
    const before = writes(twilio);

    const { changes, manualSteps } = await teardown(twilio).plan();

    expect(changes).toMatchObject([
      {
        summary: 'Remove this stack from the webhooks of "Frontline Service"',
        diff: [
          { what: 'pre-event URL', from: CALLBACK_URL, to: null },
          { what: 'post-event URL', from: CALLBACK_URL, to: null },
          { what: 'events', from: OUR_EVENTS.join(', '), to: null },
        ],
      },
      { summary: `Delete the address configuration "Frontline Airtable" of ${SMS_NUMBER}` },
      { summary: `Delete the address configuration "Frontline Airtable" of ${WHATSAPP_NUMBER}` },
    ]);
    expect(manualSteps).toEqual([]);
    expect(writes(twilio)).toEqual(before);
  });

  test('are reverted, so that the account is as before, and a second plan is empty', async () => {
    const twilio = await aTwilio();
    const before = twilio.configuration;
    await setUp(twilio);

    await applied(teardown(twilio));

    expect(twilio.configuration).toEqual(before);
    expect(await teardown(twilio).plan()).toEqual({ upToDate: [], changes: [], manualSteps: [] });
  });

  test('can be reverted twice', async () => {
    const twilio = await aSetUpAccount();
    const { changes } = await teardown(twilio).plan();

    await applyAll(changes);
    const once = twilio.configuration;
    await applyAll(changes);

    expect(twilio.configuration).toEqual(once);
  });

  test('can be set up again', async () => {
    const twilio = await aSetUpAccount();
    const { addresses: _, ...before } = twilio.configuration;

    await applied(teardown(twilio));
    await setUp(twilio);

    expect(twilio.configuration).toMatchObject(before);
    expect(twilio.configuration.addresses).toHaveLength(2);
  });

  const faults: readonly Fault[] = [
    { kind: 'connection-reset' },
    { kind: 'response-lost' },
    { kind: 'unavailable' },
  ];
  const cases = faults.flatMap((fault) =>
    [1, 2, 3].map((nth): [number, string, Fault] => [nth, fault.kind, fault]),
  );
  test.each(cases)('are reverted by a second run when write %d fails (%s)', async (nth, _kind, fault) => {
    const twilio = await aTwilio();
    const before = twilio.configuration;
    await setUp(twilio);
    let count = 0;
    twilio.faults.next(1, fault, ({ method }) => {
      if (method === 'GET') return false;
      count += 1;
      return count === nth;
    });

    await expect(applied(teardown(twilio))).rejects.toMatchObject({ name: 'Unavailable' });
    await applied(teardown(twilio));

    expect(twilio.configuration).toEqual(before);
  });

  test('keep the event filters if Twilio rejects a blank', async () => {
    const twilio = await aSetUpAccount();
    const fault: Fault = { kind: 'rejected', status: 400, code: 20001, message: 'Filters is malformed' };
    twilio.faults.always(fault, ({ form }) => form['Filters'] === '');

    await applied(teardown(twilio));

    expect(webhooksOf(twilio)).toEqual({ ...NO_WEBHOOKS, filters: OUR_EVENTS });
    expect((await teardown(twilio).plan()).changes).toEqual([]);
  });
});

describe('a setting of others', () => {
  test('stays exactly the same, and is named', async () => {
    const twilio = await aSetUpAccount();
    const service = {
      sid: OTHER_SERVICE,
      friendlyName: 'Support chat',
      webhooks: { preUrl: FOREIGN_URL, postUrl: null, filters: OUR_EVENTS, method: 'GET' },
    } as const;
    const theirs = anAddress('+15005550001', {
      type: 'webhook',
      webhookUrl: FOREIGN_URL,
      friendlyName: 'Bot',
    });
    twilio.configure({
      services: [...twilio.configuration.services, service],
      addresses: [...twilio.configuration.addresses, theirs],
      webhooks: { ...NO_WEBHOOKS, postUrl: FOREIGN_URL, filters: OUR_EVENTS },
    });
    const before = twilio.configuration;

    const { upToDate } = await applied(teardown(twilio));

    expect(upToDate).toEqual([
      'Webhooks of "Support chat" point to https://bot.example.org/hooks?…, another integration: kept',
      'The address configuration of +15005550001 was not created by setup: kept',
    ]);
    expect(twilio.configuration).toEqual({
      ...before,
      services: [{ ...before.services[0], webhooks: NO_WEBHOOKS }, service],
      addresses: [theirs],
    });
  });

  test('among the event filters stays', async () => {
    const twilio = await aTwilio();
    setWebhooks(twilio, { filters: ['onUserAdded'] });
    await setUp(twilio);

    await applied(teardown(twilio));

    expect(webhooksOf(twilio)).toEqual({ ...NO_WEBHOOKS, filters: ['onUserAdded'] });
  });

  test.each([
    ['pre-event', { preUrl: FOREIGN_URL }, ['onConversationAdd', 'onMessageAdd']],
    ['post-event', { postUrl: FOREIGN_URL }, ['onDeliveryUpdated', 'onMessageAdded', 'onParticipantAdded']],
  ])('at the %s URL keeps its event filters', async (_which, urls, events) => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, urls);

    await applied(teardown(twilio));

    expect(webhooksOf(twilio)).toEqual({ ...NO_WEBHOOKS, ...urls, filters: events });
  });

  test('among the addresses stays, also if setup only corrected it or another integration took it over', async () => {
    const twilio = await aTwilio();
    const given = anAddress(SMS_NUMBER, {
      friendlyName: 'Frontline Airtable',
      type: 'studio',
      studioFlowSid: 'FW1',
    });
    const corrected = anAddress(WHATSAPP_NUMBER, { friendlyName: 'By hand' });
    twilio.configure({ addresses: [given, corrected] });

    const { upToDate, changes } = await applied(teardown(twilio));

    expect(changes).toEqual([]);
    expect(upToDate).toEqual([
      `The address configuration of ${SMS_NUMBER} now belongs to another integration (type studio, target FW1): kept`,
      `The address configuration of ${WHATSAPP_NUMBER} was not created by setup: kept`,
    ]);
    expect(twilio.configuration.addresses).toEqual([given, corrected]);
  });

  test('of another stack stays, and is named', async () => {
    const twilio = await aSetUpAccount();
    setWebhooks(twilio, { preUrl: OLD_CALLBACK_URL, postUrl: OLD_CALLBACK_URL });
    const before = webhooksOf(twilio);

    const { upToDate } = await applied(teardown(twilio));

    expect(upToDate).toContain(
      `Webhooks of "Frontline Service" point to ${OLD_CALLBACK_URL}, another stack: kept`,
    );
    expect(webhooksOf(twilio)).toEqual(before);
  });
});

test('webhooks of an unknown stack are left to a person, with the page to edit', async () => {
  const twilio = await aSetUpAccount();
  const before = webhooksOf(twilio);

  const { manualSteps } = await applied(teardown(twilio, null));

  const manualStep = {
    what: expect.stringContaining(CALLBACK_URL),
    fix: expect.stringMatching(/^Conversations > Services > Frontline Service > Webhooks/),
  };
  expect(manualSteps).toEqual([manualStep]);
  expect(webhooksOf(twilio)).toEqual(before);
  expect(twilio.configuration.addresses).toEqual([]);
});

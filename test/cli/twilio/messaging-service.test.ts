import { describe, expect, test } from '@jest/globals';
import type { MessagingService } from '../../../emulators/twilio/account-configuration';
import { MESSAGING_SERVICE } from '../../../emulators/twilio/sids';
import { SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';
import { applied, FOREIGN_URL } from './frontline-account';
import { anAccountWithoutFrontline, diagnoseInbox, inboxSteps } from './inbox-account';

const OTHER = `MG${'e'.repeat(32)}`;
const VARIABLE = 'TWILIO_MESSAGING_SERVICE_SID';

const aService = (sid: string, changes: Partial<MessagingService> = {}): MessagingService => ({
  sid,
  friendlyName: `Service ${sid.slice(-1)}`,
  inboundRequestUrl: null,
  defersToSender: true,
  senders: [],
  ...changes,
});
const withServices = (messagingServices: readonly MessagingService[], defaultSid: string | null = null) =>
  anAccountWithoutFrontline({
    configuration: { messagingServices, defaultMessagingServiceSid: defaultSid },
  });

describe('the messaging service', () => {
  test('is created with both senders, made the default, and set in .env', async () => {
    const twilio = await withServices([]);
    const steps = inboxSteps(twilio);

    const { changes } = await applied(steps.messaging());

    const [created] = twilio.configuration.messagingServices;
    expect(created).toEqual({
      sid: expect.stringMatching(/^MG/),
      friendlyName: 'Frontline Airtable',
      inboundRequestUrl: null,
      defersToSender: true,
      senders: [SMS_NUMBER, WHATSAPP_NUMBER],
    });
    expect(twilio.configuration.defaultMessagingServiceSid).toBe(created?.sid);
    expect(steps.saved).toEqual({ [VARIABLE]: created?.sid });
    for (const { apply } of changes) await apply(() => undefined);
    expect(twilio.configuration.messagingServices).toEqual([created]);
  });

  test.each([
    ['that has our number', [aService(MESSAGING_SERVICE), aService(OTHER, { senders: [SMS_NUMBER] })], OTHER],
    [
      'that is the default if none has our number',
      [aService(OTHER), aService(MESSAGING_SERVICE)],
      MESSAGING_SERVICE,
    ],
  ])('is the one %s, and its pool gets our senders', async (_which, services, expected) => {
    const twilio = await withServices(services, MESSAGING_SERVICE);
    const steps = inboxSteps(twilio);

    await applied(steps.messaging());

    const chosen = twilio.configuration.messagingServices.find(({ sid }) => sid === expected);
    expect(chosen?.senders).toEqual([SMS_NUMBER, WHATSAPP_NUMBER]);
    expect(steps.saved).toEqual({ [VARIABLE]: expected });
    expect(twilio.configuration.defaultMessagingServiceSid).toBe(MESSAGING_SERVICE);
  });

  test('of .env stays, with our senders', async () => {
    const twilio = await withServices([aService(MESSAGING_SERVICE), aService(OTHER)], MESSAGING_SERVICE);
    const steps = inboxSteps(twilio, { [VARIABLE]: OTHER });

    await applied(steps.messaging());

    const chosen = twilio.configuration.messagingServices.find(({ sid }) => sid === OTHER);
    expect(chosen?.senders).toEqual([SMS_NUMBER, WHATSAPP_NUMBER]);
    expect(steps.saved).toEqual({});
  });

  test('of .env that the account does not have is left to a person', async () => {
    const twilio = await withServices([]);

    const plan = await inboxSteps(twilio, { [VARIABLE]: OTHER })
      .messaging()
      .plan();

    expect(plan).toMatchObject({
      changes: [],
      manualSteps: [{ what: `${OTHER} (${VARIABLE}) is not a messaging service of this account` }],
    });
  });

  test('of .env is left to a person if another one has our number, which can be in one pool only', async () => {
    const twilio = await withServices([
      aService(OTHER),
      aService(MESSAGING_SERVICE, { senders: [SMS_NUMBER] }),
    ]);

    const plan = await inboxSteps(twilio, { [VARIABLE]: OTHER })
      .messaging()
      .plan();

    expect(plan).toMatchObject({
      changes: [],
      manualSteps: [{ fix: expect.stringContaining(`Set ${VARIABLE}=${MESSAGING_SERVICE} in .env`) }],
    });
  });

  test('does without a WhatsApp sender that is in another pool', async () => {
    const services = [aService(MESSAGING_SERVICE), aService(OTHER, { senders: [WHATSAPP_NUMBER] })];
    const twilio = await withServices(services, MESSAGING_SERVICE);

    const { manualSteps, upToDate } = await applied(inboxSteps(twilio).messaging());

    expect(manualSteps).toEqual([]);
    expect(upToDate).toContainEqual(expect.stringContaining('stays in the sender pool of "Service e"'));
  });

  test('leaves a WhatsApp sender to a person that Twilio does not list: page, field and value', async () => {
    const twilio = await withServices([aService(MESSAGING_SERVICE)], MESSAGING_SERVICE);
    twilio.configure({ whatsappSenders: [] });

    const { manualSteps } = await applied(inboxSteps(twilio).messaging());

    expect(manualSteps).toEqual([
      {
        what: expect.stringContaining(WHATSAPP_NUMBER),
        fix: `Messaging > Services > Service ${MESSAGING_SERVICE.slice(-1)} > Sender Pool > Add Senders: sender type WhatsApp, ${WHATSAPP_NUMBER}`,
      },
    ]);
  });

  test('that passes inbound messages to another integration does so until it may be replaced', async () => {
    const holder = aService(OTHER, {
      senders: [SMS_NUMBER, WHATSAPP_NUMBER],
      inboundRequestUrl: FOREIGN_URL,
      defersToSender: false,
    });
    const twilio = await withServices([holder], OTHER);
    const env = { [VARIABLE]: OTHER };

    const kept = await applied(inboxSteps(twilio, env).messaging());
    expect(kept.manualSteps).toEqual([
      {
        what: expect.stringContaining('also handled by https://bot.example.org/hooks?… '),
        fix: expect.stringMatching(/Integration > Incoming Messages: .*--replace-existing/),
      },
    ]);
    expect(twilio.configuration.messagingServices).toEqual([holder]);

    await applied(inboxSteps(twilio, env, true).messaging());
    expect(twilio.configuration.messagingServices).toEqual([{ ...holder, defersToSender: true }]);
  });

  test('is not created twice if setup stops in between', async () => {
    const twilio = await withServices([]);
    const { changes } = await inboxSteps(twilio).messaging().plan();

    await changes[0]?.apply(() => undefined);
    await applied(inboxSteps(twilio).messaging());

    expect(twilio.configuration.messagingServices).toHaveLength(1);
  });
});

test('the doctor names what setup would change, and writes nothing', async () => {
  const twilio = await withServices([aService(MESSAGING_SERVICE)], MESSAGING_SERVICE);

  const result = (await diagnoseInbox(twilio)).get('messaging-service');

  expect(result).toMatchObject({
    status: 'fail',
    fix: 'npx frontline setup',
    findings: [
      { what: expect.stringContaining(`${SMS_NUMBER} is not in the sender pool`) },
      { what: expect.stringContaining(`${WHATSAPP_NUMBER} is not in the sender pool`) },
      { what: expect.stringContaining(`${VARIABLE} is not set`) },
    ],
  });
  expect(twilio.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

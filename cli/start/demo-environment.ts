import {
  type AirtableEmulator,
  type BaseData,
  startAirtable,
} from '../../emulators/airtable/airtable-emulator';
import { FIRST_CUSTOMER } from '../../emulators/seed/base';
import type { BaseFile } from '../../emulators/seed/base-file';
import { seedChats } from '../../emulators/seed/chats';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { CONTENTS } from '../../emulators/seed/templates';
import { FIRST_WORKER, WORKERS } from '../../emulators/seed/workers';
import { startTwilio, type TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import type { Configuration, Environment } from '../../lambdas/config';
import type { NewWorker } from '../../lambdas/inbox/store/worker-store';
import { addressOn } from '../../lambdas/phone-number/address';
import { localSubject } from './inbox/sign-in';
import { listenOnPort, nextPort } from './listen-on-port';
import type { Account } from './live';

/** The demo's team, as the inbox knows it. */
export function demoWorkers({ defaultWorkers }: Configuration): NewWorker[] {
  const team = WORKERS.map(({ identity, friendlyName, state, isAvailable }) => ({
    identity,
    name: friendlyName,
    isActive: state === 'active',
    isAvailable,
  }));
  const strangers = defaultWorkers
    .filter((identity) => team.every((worker) => worker.identity !== identity))
    .map((identity) => ({ identity, name: identity, isActive: true, isAvailable: true }));
  return [...team, ...strangers].map((worker) => ({ ...worker, subject: localSubject(worker.identity) }));
}

/**
 * The functions' settings with emulators only. Takes numbers, workers, country, words and visibility from `.env`, but
 * never its base or its public URL, because they belong to the real service. DEFAULT_WORKER is the first worker if it is
 * not set; a blank one lets the owners take turns, as in a deployed service.
 */
export function demoSettings(environment: Environment, base: BaseData): Environment {
  return {
    TWILIO_SMS_NUMBER: environment['TWILIO_SMS_NUMBER'] || DEMO_CREDENTIALS.smsNumber,
    TWILIO_WHATSAPP_NUMBER: environment['TWILIO_WHATSAPP_NUMBER'] || DEMO_CREDENTIALS.whatsappNumber,
    DEFAULT_COUNTRY: environment['DEFAULT_COUNTRY'],
    DEFAULT_WORKER: environment['DEFAULT_WORKER'] ?? FIRST_WORKER.identity,
    OPT_OUT_WORDS: environment['OPT_OUT_WORDS'],
    OPT_IN_WORDS: environment['OPT_IN_WORDS'],
    CUSTOMER_VISIBILITY: environment['CUSTOMER_VISIBILITY'],
    AIRTABLE_BASE_ID: base.id,
  };
}

/** Starts an Airtable emulator that serves the base and saves every change to the file before it responds. */
export function startBase(
  port: number,
  base: BaseData,
  { AIRTABLE_API_KEY }: Account,
  file: BaseFile,
): Promise<AirtableEmulator> {
  return listenOnPort('the Airtable emulator', nextPort(port, 1), (itsPort) =>
    startAirtable({
      base,
      tokens: [{ token: AIRTABLE_API_KEY }],
      port: itsPort,
      // A user of the demo changes the base through this API. A person would use Airtable's user interface, which
      // has no limit.
      limits: { requestsPerSecond: 'unlimited' },
      onChange: (changed) => file.save(changed),
    }),
  );
}

/** Starts a Twilio emulator with the demo team, the service's numbers and the team's chats. */
export async function startConversations(
  port: number,
  account: Account,
  configuration: Configuration,
): Promise<TwilioEmulator> {
  const { smsNumber, whatsappNumber, defaultWorkers } = configuration;
  const whatsapp = whatsappNumber && addressOn('whatsapp', whatsappNumber).text;
  const strangers = defaultWorkers.filter((identity) =>
    WORKERS.every((worker) => worker.identity !== identity),
  );
  const twilio = await listenOnPort('the Twilio emulator', nextPort(port, 2), (itsPort) =>
    startTwilio({
      accountSid: account.ACCOUNT_SID,
      authToken: account.AUTH_TOKEN,
      conversationServiceSid: DEMO_CREDENTIALS.conversationServiceSid,
      port: itsPort,
      ticks: true,
      contents: CONTENTS,
      ourNumbers: [smsNumber, ...(whatsapp === null ? [] : [whatsapp])],
      users: [...WORKERS, ...strangers.map((identity) => ({ identity, isAvailable: true }))],
    }),
  );
  // Its unique name looks like a SID, so that it can be used before the conversation exists.
  twilio.createConversation({
    uniqueName: DEMO_CREDENTIALS.conversationSid,
    dateCreated: new Date(Date.now() - 30 * 24 * 60 * 60_000),
    participants: [
      { address: FIRST_CUSTOMER.number, proxyAddress: smsNumber },
      { identity: FIRST_WORKER.identity },
    ],
  });
  await seedChats(twilio, {
    smsNumber,
    whatsappNumber: whatsapp,
    accountSid: account.ACCOUNT_SID,
    authToken: account.AUTH_TOKEN,
    now: new Date(),
  });
  return twilio;
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type AirtableEmulator, startAirtable } from '../../../emulators/airtable/airtable-emulator';
import { aBase, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { freshCheckout } from '../checkout';
import { startFrontDoor } from '../front-door';
import { startChromium } from '../inbox/chromium';
import { Operator } from '../operator';
import type { Place } from '../place';
import { ANA, BEN, CONFIGURATION, CREDENTIALS, JANE, proxyFor } from '../team';
import { selfSigned } from './certificate';
import { applyCors } from './cors';
import { type InboxOutputs, inboxOutputs } from './inbox-outputs';
import { type Internet, startInternet } from './internet';

/** The conversation service that every account has. */
const SERVICE = `IS${'e2e1'.repeat(8)}`;
const REAL_ADDRESSES = new URL('real-addresses.mjs', import.meta.url).href;

/** An account without Frontline, a base, a fresh checkout with `.env`, and a browser that reaches AWS's addresses. */
export interface DeployedInbox {
  readonly operator: Operator;
  readonly settings: Readonly<Record<string, string>>;
  readonly airtable: AirtableEmulator;
  readonly twilio: TwilioEmulator;
  readonly internet: Internet;
  readonly browser: Browser;
  /** The e-mails that AWS sent, as JSON. */
  readonly mails: () => Promise<string>;
  /** To be called after each deployment. @returns the outputs of the inbox's stack */
  readonly outputs: () => Promise<InboxOutputs>;
}

export async function startDeployedInbox({
  folder,
  cloud,
  python,
  signal,
  closing,
}: Place): Promise<DeployedInbox> {
  const own = join(folder, 'inbox');
  mkdirSync(own);
  const airtable = await startAirtable({
    base: {
      ...aBase([
        customersTable([{ id: 1, name: JANE.name, sms: JANE.address, owner: ANA }]),
        templatesTable([{ category: 'Openers', text: 'Hello {{name}}!', whatsAppApproved: true }]),
      ]),
      id: CONFIGURATION.AIRTABLE_BASE_ID,
    },
    tokens: [{ token: CREDENTIALS.AIRTABLE_API_KEY }],
    limits: { requestsPerSecond: 'unlimited' },
  });
  closing.push(airtable.close);
  const twilio = await startTwilio({
    accountSid: CREDENTIALS.ACCOUNT_SID,
    authToken: CREDENTIALS.AUTH_TOKEN,
    ourNumbers: [CONFIGURATION.TWILIO_SMS_NUMBER, CONFIGURATION.TWILIO_WHATSAPP_NUMBER],
    autocreation: 'as-configured',
    configuration: {
      services: [{ sid: SERVICE, friendlyName: 'Default Conversations Service', webhooks: NO_WEBHOOKS }],
    },
    conversationServiceSid: SERVICE,
    ticks: true,
  });
  closing.push(twilio.close);
  const frontDoor = await startFrontDoor(cloud);
  closing.push(frontDoor.close);
  const internet = await startInternet(cloud, await selfSigned(python, own, signal), signal);
  closing.push(internet.close);
  const browser = await startChromium([
    `--host-resolver-rules=MAP * 127.0.0.1:${internet.port}, EXCLUDE 127.0.0.1`,
    '--ignore-certificate-errors',
  ]);
  closing.push(() => browser.close());
  const settings = {
    ...CREDENTIALS,
    ...CONFIGURATION,
    // New customers go to the owners of the others.
    DEFAULT_WORKER: '',
    PUBLIC_BASE_URL: frontDoor.url,
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
    TWILIO_MEDIA_URL: twilio.url,
    INBOX_CONNECTIONS_URL: `${cloud.url}/_aws/execute-api/{api}/live`,
    SYNC_PING_SECONDS: '0',
  };
  const operator = new Operator(freshCheckout(join(own, 'checkout')), cloud, signal, {
    NODE_OPTIONS: `--import=${REAL_ADDRESSES}`,
    E2E_INTERNET_PORT: String(internet.port),
  });
  operator.writeSettings(settings);
  const outputs = async () => {
    await applyCors(cloud);
    return inboxOutputs(cloud);
  };
  const mails = () => cloud.request('email', '/_ministack/ses/messages');
  return { operator, settings, airtable, twilio, internet, browser, mails, outputs };
}

/** Writes to the team for the first time. */
export const STRANGER = '+14155550177';

/** The team of the inbox. */
export const WORKERS = {
  ana: { email: ANA, name: 'Ana Beltrán', password: 'Blue-Garden-4711' },
  ben: { email: BEN, name: 'Ben Jackson', password: 'Green-Garden-4711' },
} as const;

/** The texts on Jane's phone, her own and the team's. */
export function janesPhone({ twilio }: DeployedInbox): readonly string[] {
  const pair = { address: JANE.address, proxyAddress: proxyFor(JANE) };
  return twilio.phone.thread(pair).messages.map(({ text }) => text);
}

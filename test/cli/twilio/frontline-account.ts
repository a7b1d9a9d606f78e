import type { DoctorContext } from '../../../cli/doctor/doctor-context';
import { TWILIO_CHECKS, TWILIO_TOKEN_CHECK } from '../../../cli/doctor/twilio-checks';
import type { Change, Plan, Reconciler } from '../../../cli/plan/plan';
import { readSettings, type Settings } from '../../../cli/settings/settings';
import { twilioContext, twilioStep } from '../../../cli/twilio/twilio-parts';
import {
  type AccountConfiguration,
  NO_WEBHOOKS,
  type WebhookSettings,
} from '../../../emulators/twilio/account-configuration';
import { NO_AUTO_CREATION } from '../../../emulators/twilio/address-rules';
import type { TwilioEmulator, TwilioOptions } from '../../../emulators/twilio/twilio-emulator';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  aTwilio,
  SMS_NUMBER,
  WHATSAPP_NUMBER,
} from '../../emulators/twilio/account';
import { examine } from '../doctor/examine';

export const CALLBACK_URL = 'https://new.example.com/callbacks/twilio-conversations';
export const OLD_CALLBACK_URL = 'https://old.example.com/callbacks/twilio-conversations';
export const FOREIGN_URL = 'https://bot.example.org/hooks?key=s3cret';
export const OUR_EVENTS = [
  ...['onConversationAdd', 'onDeliveryUpdated', 'onMessageAdd', 'onMessageAdded', 'onParticipantAdded'],
];
export const OTHER_SERVICE = 'ISbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';

/** The settings of `.env` for this account. */
export function settingsFor(
  { url }: Pick<TwilioEmulator, 'url'>,
  others: Readonly<Record<string, string>> = {},
): Settings {
  return readSettings({
    ACCOUNT_SID,
    AUTH_TOKEN,
    AIRTABLE_API_KEY: 'patTest.0123456789',
    AIRTABLE_BASE_ID: 'app0123456789',
    TWILIO_SMS_NUMBER: SMS_NUMBER,
    TWILIO_WHATSAPP_NUMBER: WHATSAPP_NUMBER,
    TWILIO_API_URL: url,
    ...others,
  });
}

/** Sets the webhooks of Frontline's service. */
export function setWebhooks(twilio: TwilioEmulator, changes: Partial<WebhookSettings>): void {
  const { services } = twilio.configuration;
  twilio.configure({
    services: services.map((service) =>
      service.sid === twilio.conversationServiceSid
        ? { ...service, webhooks: { ...service.webhooks, ...changes } }
        : service,
    ),
  });
}

/** The webhooks of Frontline's service. */
export function webhooksOf(twilio: TwilioEmulator): WebhookSettings | undefined {
  return twilio.configuration.services.find(({ sid }) => sid === twilio.conversationServiceSid)?.webhooks;
}

/** Sets the number for SMS. */
export function setNumber(
  twilio: TwilioEmulator,
  changes: Partial<AccountConfiguration['phoneNumbers'][number]>,
): void {
  const { phoneNumbers } = twilio.configuration;
  twilio.configure({
    phoneNumbers: phoneNumbers.map((number) =>
      number.phoneNumber === SMS_NUMBER ? { ...number, ...changes } : number,
    ),
  });
}

/** Fields of an address configuration. */
export function anAddress(
  address: string,
  { friendlyName = null, ...autoCreation }: AddressFields = {},
): AccountConfiguration['addresses'][number] {
  return {
    sid: `IG${address.replace(/\D/g, '').padEnd(32, address.startsWith('whatsapp') ? 'a' : 'b')}`,
    address,
    friendlyName,
    autoCreation: { ...NO_AUTO_CREATION, enabled: true, ...autoCreation },
  };
}
type Address = AccountConfiguration['addresses'][number];
type AddressFields = Partial<Pick<Address, 'friendlyName'> & Address['autoCreation']>;

/** Plans, and applies all changes. @returns the plan */
export async function applied(step: Reconciler): Promise<Plan> {
  const plan = await step.plan();
  await applyAll(plan.changes);
  return plan;
}

export async function applyAll(changes: readonly Change[]): Promise<void> {
  for (const { apply } of changes) await apply(() => undefined);
}

/** The write requests, including failed ones. */
export function writes({ requests }: TwilioEmulator): readonly string[] {
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

export const ANA = 'ana@example.com';

export type Env = Readonly<Record<string, string>>;
interface StepOptions {
  readonly env?: Env;
  readonly callbackUrl?: string | null;
  readonly hasInboxStack?: boolean;
  readonly replaceExisting?: boolean;
}

/** Twilio's part of a setup. */
export function stepFor(
  twilio: TwilioEmulator,
  { env = {}, callbackUrl = CALLBACK_URL, hasInboxStack = false, replaceExisting = false }: StepOptions = {},
) {
  const settings = settingsFor(twilio, { DEFAULT_WORKER: ANA, ...env });
  return twilioStep({
    settings,
    callbackUrl,
    isInboxStackAbsent: async () => !hasInboxStack,
    replaceExisting,
  });
}

/** An account with one worker, before a setup. */
export const anAccount = (options: Partial<TwilioOptions> = {}) =>
  aTwilio({ users: [{ identity: ANA }], ...options });

export async function aSetUpAccount(options: Partial<TwilioOptions> = {}) {
  const twilio = await anAccount(options);
  await applied(stepFor(twilio));
  return twilio;
}

/** The doctor's results. */
export function diagnose(twilio: TwilioEmulator, env: Env = {}, hasInboxStack = false) {
  const settings = settingsFor(twilio, { DEFAULT_WORKER: ANA, ...env });
  const context = twilioContext({
    settings,
    callbackUrl: async () => CALLBACK_URL,
    isInboxStackAbsent: async () => !hasInboxStack,
    replaceExisting: false,
  });
  const replaced: Partial<DoctorContext> = { settings: () => settings, twilio: () => context };
  return examine([TWILIO_TOKEN_CHECK, ...TWILIO_CHECKS], replaced);
}

/** The doctor's checks of Twilio, in their order. */
export const IDS = [
  ...['twilio-token', 'sms-number', 'conversation-service', 'webhooks', 'address-sms', 'address-whatsapp'],
  ...['message-comes-in', 'default-worker'],
];

/** A conversation service without webhooks. */
export const service = (friendlyName: string, sid = OTHER_SERVICE) => ({
  sid,
  friendlyName,
  webhooks: NO_WEBHOOKS,
});
export const addService = (twilio: TwilioEmulator, friendlyName: string) =>
  twilio.configure({ services: [...twilio.configuration.services, service(friendlyName)] });

import type { Plan, Reconciler } from '../../../cli/plan/plan';
import { readSettings, type Settings } from '../../../cli/settings/settings';
import type { AccountConfiguration, WebhookSettings } from '../../../emulators/twilio/account-configuration';
import { NO_AUTO_CREATION } from '../../../emulators/twilio/address-rules';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import { ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER } from '../../emulators/twilio/account';

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
  for (const change of plan.changes) await change.apply(() => undefined);
  return plan;
}

/** The write requests, including failed ones. */
export function writes({ requests }: TwilioEmulator): readonly string[] {
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

import { channelOf } from './address-rules';
import { MESSAGING_SERVICE, sidFor } from './sids';

/** The creation date of every resource of the configuration: one value, because no client reads it. */
export const CREATED = { date_created: '2023-01-02T03:04:05Z', date_updated: '2023-01-02T03:04:05Z' };

/**
 * URLs and event filters of Conversations webhooks, of a service or of the account (twilio.md#rest-requests,
 * twilio.md#configuration).
 */
export interface WebhookSettings {
  readonly preUrl: string | null;
  readonly postUrl: string | null;
  /** The event filters: an event fires only if it is listed here. */
  readonly filters: readonly string[];
  readonly method: 'GET' | 'POST';
}

export interface ConversationService {
  readonly sid: string;
  readonly friendlyName: string;
  readonly webhooks: WebhookSettings;
}

/** An address configuration: what the first message to an address triggers (twilio.md#configuration). */
export interface AutoCreation {
  readonly enabled: boolean;
  readonly type: 'default' | 'webhook' | 'studio';
  /** Null means the account's default service. */
  readonly conversationServiceSid: string | null;
  readonly webhookUrl: string | null;
  readonly webhookMethod: string | null;
  readonly webhookFilters: readonly string[];
  readonly studioFlowSid: string | null;
  readonly studioRetryCount: number | null;
}

export interface AddressConfiguration {
  readonly sid: string;
  readonly address: string;
  readonly friendlyName: string | null;
  readonly autoCreation: AutoCreation;
}

/** A number that the account holds. */
export interface PhoneNumber {
  readonly phoneNumber: string;
  readonly canSms: boolean;
  /** The URL of "A message comes in" in the console; empty for none. */
  readonly smsUrl: string;
  /** The TwiML application, which takes precedence over `smsUrl`; empty for none. */
  readonly smsApplicationSid: string;
}

/** A messaging service: senders that belong together (twilio.md#messaging-services). */
export interface MessagingService {
  readonly sid: string;
  readonly friendlyName: string;
  /** The URL that receives messages to all senders; null for none. */
  readonly inboundRequestUrl: string | null;
  /** Whether each sender's own settings apply to messages that it receives. */
  readonly defersToSender: boolean;
  /** Numbers such as `+15017122661` and WhatsApp senders such as `whatsapp:+15017122661`; each is in one service at most. */
  readonly senders: readonly string[];
}

/** An account's configuration: every setting that the console can change and that REST shows. */
export interface AccountConfiguration {
  readonly friendlyName: string;
  readonly status: 'active' | 'suspended' | 'closed';
  readonly defaultChatServiceSid: string | null;
  readonly defaultMessagingServiceSid: string | null;
  /** ISO 8601 durations for conversations without timers of their own; null for none. */
  readonly defaultInactiveTimer: string | null;
  readonly defaultClosedTimer: string | null;
  /** The account's webhooks, for services without their own. */
  readonly webhooks: WebhookSettings;
  readonly services: readonly ConversationService[];
  readonly addresses: readonly AddressConfiguration[];
  readonly phoneNumbers: readonly PhoneNumber[];
  /** The addresses of WhatsApp senders, such as `whatsapp:+15017122661`. */
  readonly whatsappSenders: readonly string[];
  readonly messagingServices: readonly MessagingService[];
}

export const NO_WEBHOOKS: WebhookSettings = { preUrl: null, postUrl: null, filters: [], method: 'POST' };

/** The single source of the account's configuration, for REST, tests and message handling. */
export class ConfigurationStore {
  #current: AccountConfiguration;

  /** @param ourNumbers the account holds those for SMS; WhatsApp senders are not phone numbers. */
  constructor(
    frontlineServiceSid: string,
    ourNumbers: readonly string[],
    arranged: Partial<AccountConfiguration> = {},
  ) {
    this.#current = {
      friendlyName: 'A Frontline account',
      status: 'active',
      defaultChatServiceSid: frontlineServiceSid,
      defaultMessagingServiceSid: MESSAGING_SERVICE,
      defaultInactiveTimer: null,
      defaultClosedTimer: null,
      webhooks: NO_WEBHOOKS,
      services: [{ sid: frontlineServiceSid, friendlyName: 'Frontline Service', webhooks: NO_WEBHOOKS }],
      addresses: [],
      phoneNumbers: ourNumbers
        .filter((number) => channelOf(number) === 'sms')
        .map((phoneNumber) => ({ phoneNumber, canSms: true, smsUrl: '', smsApplicationSid: '' })),
      whatsappSenders: ourNumbers.filter((number) => channelOf(number) === 'whatsapp'),
      messagingServices: [
        {
          sid: MESSAGING_SERVICE,
          friendlyName: 'Default Messaging Service for Conversations',
          inboundRequestUrl: null,
          defersToSender: true,
          senders: ourNumbers,
        },
      ],
      ...arranged,
    };
  }

  get current(): AccountConfiguration {
    return this.#current;
  }

  change(changes: Partial<AccountConfiguration>): AccountConfiguration {
    this.#current = { ...this.#current, ...changes };
    return this.#current;
  }

  service(sid: string): ConversationService | undefined {
    return this.#current.services.find((service) => service.sid === sid);
  }

  setServiceWebhooks(sid: string, webhooks: WebhookSettings): void {
    const services = this.#current.services.map((service) =>
      service.sid === sid ? { ...service, webhooks } : service,
    );
    this.change({ services });
  }

  /** The webhooks in force for a service: its own replace the account's. */
  webhooksFor(serviceSid: string): WebhookSettings {
    const own = this.service(serviceSid)?.webhooks ?? NO_WEBHOOKS;
    return own.preUrl === null && own.postUrl === null ? this.#current.webhooks : own;
  }

  address(sidOrAddress: string): AddressConfiguration | undefined {
    return this.#current.addresses.find(
      ({ sid, address }) => sid === sidOrAddress || address === sidOrAddress,
    );
  }

  /** Adds the configuration of an address, or replaces the existing one. */
  keepAddress(configuration: AddressConfiguration): void {
    const { addresses } = this.#current;
    const known = addresses.some(({ sid }) => sid === configuration.sid);
    this.change({
      addresses: known
        ? addresses.map((one) => (one.sid === configuration.sid ? configuration : one))
        : [...addresses, configuration],
    });
  }

  removeAddress(sid: string): void {
    this.change({ addresses: this.#current.addresses.filter((one) => one.sid !== sid) });
  }

  keepPhoneNumber(number: PhoneNumber): void {
    const phoneNumbers = this.#current.phoneNumbers.map((one) =>
      one.phoneNumber === number.phoneNumber ? number : one,
    );
    this.change({ phoneNumbers });
  }

  /** Whether a first message to this number creates a conversation in the service. */
  autocreates(address: string, serviceSid: string): boolean {
    const autoCreation = this.address(address)?.autoCreation;
    if (autoCreation === undefined || !autoCreation.enabled) return false;
    return (autoCreation.conversationServiceSid ?? this.#current.defaultChatServiceSid) === serviceSid;
  }
}

/** A number keeps its SID when its settings change. */
export function phoneNumberSid({ phoneNumber }: Pick<PhoneNumber, 'phoneNumber'>): string {
  return sidFor('PN', phoneNumber);
}

/** The SID of a WhatsApp sender. */
export function whatsappSenderSid(address: string): string {
  return sidFor('XE', address);
}

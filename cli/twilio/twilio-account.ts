import twilio from 'twilio';
import * as v from 'valibot';
import { CredentialsRejectedError, isKnownError } from '../../lambdas/errors';
import type { E164Number } from '../../lambdas/phone-number/address';
import { TwilioApiError } from '../../lambdas/twilio/twilio-client';
import type { Settings } from '../settings/settings';
import type { AddressConfiguration } from './address-configuration';
import type { ConversationServices } from './conversation-service';
import type { OurNumber } from './phone-number';
import {
  AccountResource,
  AddressResource,
  ApprovalResource,
  ContentResource,
  type ContentTemplate,
  DefaultsResource,
  NumberResource,
  SenderResource,
  ServiceResource,
  UserResource,
  WebhooksResource,
} from './resource-schemas';
import { TwilioRequests, validated } from './twilio-requests';
import type { Webhooks } from './webhooks';

export interface TwilioAccess {
  readonly accountSid: string;
  readonly authToken: string;
  /** One host in place of all of Twilio's, for tests; null for Twilio itself. */
  readonly apiUrl: string | null;
}

const NOT_FOUND = 404;
const BAD_REQUEST = 400;

interface AccountFacts {
  readonly friendlyName: string;
  /** `active`, `suspended` or `closed`. */
  readonly status: string;
  /** The account's primary token, with which Twilio signs; null if Twilio does not return it. Never display it. */
  readonly signingToken: string | null;
}

/**
 * A Twilio account, with the operations that setup, doctor and teardown need. Every method throws
 * {CredentialsRejectedError}, {ServiceUnavailableError} or {UpstreamError}, whose messages contain the fix.
 */
export class TwilioAccount {
  constructor(private readonly client: twilio.Twilio) {}

  readAccount(): Promise<AccountFacts> {
    return validated(AccountResource, this.client.api.v2010.accounts(this.client.accountSid).fetch());
  }

  /** The phone numbers of the account, up to 1,000, without WhatsApp senders. */
  listNumbers(): Promise<OurNumber[]> {
    return validated(
      v.array(NumberResource),
      this.client.incomingPhoneNumbers.list({ pageSize: 1000, limit: 1000 }),
    );
  }

  /** Null if the account does not have the number. */
  async findNumber(number: E164Number): Promise<OurNumber | null> {
    // Twilio also returns partial matches.
    const found = await validated(
      v.array(NumberResource),
      this.client.incomingPhoneNumbers.list({ phoneNumber: number, limit: 50 }),
    );
    return found.find((one) => one.number === number) ?? null;
  }

  /** The addresses of the account's WhatsApp senders, up to 1,000; null if Twilio does not list them. */
  async listWhatsAppSenders(): Promise<readonly string[] | null> {
    const { channelsSenders } = this.client.messaging.v2;
    try {
      const list = channelsSenders.list({ channel: 'whatsapp', pageSize: 100, limit: 1000 });
      return (await validated(v.array(SenderResource), list)).map(({ senderId }) => senderId);
    } catch (error) {
      if (error instanceof CredentialsRejectedError || !isKnownError(error)) throw error;
      return null;
    }
  }

  /** Leaves inbound messages to Conversations only. */
  async clearIncomingMessages({ sid }: OurNumber): Promise<void> {
    await validated(
      NumberResource,
      this.client.incomingPhoneNumbers(sid).update({ smsUrl: '', smsApplicationSid: '' }),
    );
  }

  async readConversationServices(): Promise<ConversationServices> {
    const { services, configuration } = this.client.conversations.v1;
    const defaults = await validated(DefaultsResource, configuration().fetch());
    return {
      services: await validated(v.array(ServiceResource), services.list({ pageSize: 100 })),
      defaultSid: defaults.defaultChatServiceSid,
      defaultMessagingServiceSid: defaults.defaultMessagingServiceSid,
    };
  }

  async setDefaultService(serviceSid: string): Promise<void> {
    const configuration = this.client.conversations.v1.configuration();
    await validated(DefaultsResource, configuration.update({ defaultChatServiceSid: serviceSid }));
  }

  /** The webhooks of the account, which apply to services without their own. */
  readAccountWebhooks(): Promise<Webhooks> {
    return validated(WebhooksResource, this.client.conversations.v1.configuration.webhooks().fetch());
  }

  readWebhooks(serviceSid: string): Promise<Webhooks> {
    return validated(WebhooksResource, this.#webhooksOf(serviceSid).fetch());
  }

  /** Sets all of a service's webhooks; null removes a URL. */
  async setWebhooks(serviceSid: string, { preUrl, postUrl, method, filters }: Webhooks): Promise<void> {
    const webhooks = this.#webhooksOf(serviceSid);
    const others = { preWebhookUrl: preUrl ?? '', postWebhookUrl: postUrl ?? '', method };
    try {
      // The client would omit an empty list; in a form, one blank value means an empty list.
      const events = filters.length > 0 ? [...filters] : [''];
      await validated(WebhooksResource, webhooks.update({ ...others, filters: events }));
    } catch (error) {
      // Twilio does not document that it accepts the blank. Filters without a URL have no effect, so they may stay.
      const isAboutBlank =
        error instanceof TwilioApiError && error.status === BAD_REQUEST && filters.length === 0;
      if (!isAboutBlank) throw error;
      await validated(WebhooksResource, webhooks.update(others));
    }
  }

  listAddresses(): Promise<AddressConfiguration[]> {
    return validated(
      v.array(AddressResource),
      this.client.conversations.v1.addressConfigurations.list({ pageSize: 50 }),
    );
  }

  /** Null if the address is not configured. */
  async findAddress(address: string): Promise<AddressConfiguration | null> {
    const addresses = await this.listAddresses();
    return addresses.find((one) => one.address === address) ?? null;
  }

  /** Makes inbound messages to the address auto-create conversations in the service. Idempotent. */
  async openConversationsAt(
    address: string,
    { serviceSid, friendlyName }: { readonly serviceSid: string; readonly friendlyName: string },
  ): Promise<void> {
    const { addressConfigurations } = this.client.conversations.v1;
    const how = {
      'autoCreation.enabled': true,
      'autoCreation.type': 'default',
      'autoCreation.conversationServiceSid': serviceSid,
    } as const;
    const type = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
    const present = await this.findAddress(address);
    if (present !== null) {
      await validated(AddressResource, addressConfigurations(present.sid).update(how));
      return;
    }
    await validated(AddressResource, addressConfigurations.create({ type, address, friendlyName, ...how }));
  }

  /** Removes the configuration of an address. Succeeds if it does not exist. */
  async removeAddress({ sid }: AddressConfiguration): Promise<void> {
    const { addressConfigurations } = this.client.conversations.v1;
    await nullIfGone(validated(v.unknown(), addressConfigurations(sid).remove()));
  }

  /**
   * The state of an app user, `active` or `deactivated`; null if no user has signed in to Frontline with exactly this
   * identity.
   */
  async frontlineUserState(identity: string): Promise<string | null> {
    const user = this.client.frontlineApi.v1.users(encodeURIComponent(identity));
    const found = await nullIfGone(validated(UserResource, user.fetch()));
    return found?.state ?? null;
  }

  /** A content template with its WhatsApp approval; null if the account does not have this SID. */
  async findContent(sid: string): Promise<ContentTemplate | null> {
    const content = this.client.content.v1.contents(sid);
    const found = await nullIfGone(validated(ContentResource, content.fetch()));
    if (found === null) return null;
    const approval = await nullIfGone(validated(ApprovalResource, content.approvalFetch().fetch()));
    return { ...found, ...(approval ?? { status: 'unsubmitted', rejectionReason: '' }) };
  }

  #webhooksOf(serviceSid: string) {
    return this.client.conversations.v1.services(serviceSid).configuration.webhooks();
  }
}

async function nullIfGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TwilioApiError && error.status === NOT_FOUND) return null;
    throw error;
  }
}

/** The account of `.env`. */
export function accessOf({ accountSid, authToken, twilioApiUrl }: Settings): TwilioAccess {
  return { accountSid, authToken, apiUrl: twilioApiUrl };
}

/** Opens an account with Twilio's official client. */
export function openTwilioAccount({ accountSid, authToken, apiUrl }: TwilioAccess): TwilioAccount {
  return new TwilioAccount(twilio(accountSid, authToken, { httpClient: new TwilioRequests(apiUrl) }));
}

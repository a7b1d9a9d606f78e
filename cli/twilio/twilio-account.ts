import twilio from 'twilio';
import * as v from 'valibot';
import type { TwilioApiKey } from '../../lambdas/credentials/credentials';
import { CredentialsRejectedError } from '../../lambdas/errors';
import type { E164Number } from '../../lambdas/phone-number/address';
import { MEDIA_URL } from '../../lambdas/twilio/media';
import { TwilioApiError } from '../../lambdas/twilio/twilio-client';
import type { Settings } from '../settings/settings';
import type { AddressConfiguration } from './address-configuration';
import type { ConversationServices } from './conversation-service';
import { MessagingApi } from './messaging-api';
import type { OurNumber } from './phone-number';
import {
  AccountResource,
  AddressResource,
  ApprovalResource,
  ContentResource,
  type ContentTemplate,
  DefaultsResource,
  NumberResource,
  ServiceResource,
  UserResource,
  WebhooksResource,
} from './resource-schemas';
import { type CredentialsUsed, TwilioRequests, validated } from './twilio-requests';
import type { Webhooks } from './webhooks';

export interface TwilioAccess {
  readonly accountSid: string;
  readonly authToken: string;
  /** The API key of all requests but those about the account itself; null: the token (twilio.md#api-keys). */
  readonly apiKey: TwilioApiKey | null;
  /** One host in place of all of Twilio's, for tests; null for Twilio itself. */
  readonly apiUrl: string | null;
}

const NOT_FOUND = 404;
const REJECTIONS: ReadonlySet<number> = new Set([401, 403]);
/** Of a resource that does not exist. */
const NO_SID = '0'.repeat(32);
const StatusOnly = v.object({ statusCode: v.number() });

/** The result of reading one of Twilio's APIs. */
interface ApiTrial {
  readonly api: string;
  readonly isRejected: boolean;
}

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
  readonly messaging: MessagingApi;

  /**
   * @param ofToken authenticates with the account's token, because Twilio lets no API key read the account
   * @param used the credentials of `client`
   */
  constructor(
    private readonly client: twilio.Twilio,
    private readonly ofToken: twilio.Twilio,
    private readonly used: CredentialsUsed,
  ) {
    this.messaging = new MessagingApi(client, used);
  }

  readAccount(): Promise<AccountFacts> {
    return validated(AccountResource, this.ofToken.api.v2010.accounts(this.ofToken.accountSid).fetch());
  }

  /** The phone numbers of the account, up to 1,000, without WhatsApp senders. */
  listNumbers(): Promise<OurNumber[]> {
    return this.#validated(
      v.array(NumberResource),
      this.client.incomingPhoneNumbers.list({ pageSize: 1000, limit: 1000 }),
    );
  }

  /** Null if the account does not have the number. */
  async findNumber(number: E164Number): Promise<OurNumber | null> {
    // Twilio also returns partial matches.
    const found = await this.#validated(
      v.array(NumberResource),
      this.client.incomingPhoneNumbers.list({ phoneNumber: number, limit: 50 }),
    );
    return found.find((one) => one.number === number) ?? null;
  }

  /** Leaves inbound messages to Conversations only. */
  async clearIncomingMessages({ sid }: OurNumber): Promise<void> {
    await this.#validated(
      NumberResource,
      this.client.incomingPhoneNumbers(sid).update({ smsUrl: '', smsApplicationSid: '' }),
    );
  }

  async readConversationServices(): Promise<ConversationServices> {
    const { services, configuration } = this.client.conversations.v1;
    const defaults = await this.#validated(DefaultsResource, configuration().fetch());
    return {
      services: await this.#validated(v.array(ServiceResource), services.list({ pageSize: 100 })),
      defaultSid: defaults.defaultChatServiceSid,
      defaultMessagingServiceSid: defaults.defaultMessagingServiceSid,
    };
  }

  async setDefaultService(serviceSid: string): Promise<void> {
    const configuration = this.client.conversations.v1.configuration();
    await this.#validated(DefaultsResource, configuration.update({ defaultChatServiceSid: serviceSid }));
  }

  /** Creates a conversation service, unless one has this name. @returns its SID */
  async createConversationService(friendlyName: string): Promise<string> {
    const { services } = await this.readConversationServices();
    const known = services.find((service) => service.friendlyName === friendlyName);
    if (known !== undefined) return known.sid;
    const created = this.client.conversations.v1.services.create({ friendlyName });
    return (await this.#validated(ServiceResource, created)).sid;
  }

  async setDefaultMessagingService(serviceSid: string): Promise<void> {
    const configuration = this.client.conversations.v1.configuration();
    await this.#validated(DefaultsResource, configuration.update({ defaultMessagingServiceSid: serviceSid }));
  }

  /** The webhooks of the account, which apply to services without their own. */
  readAccountWebhooks(): Promise<Webhooks> {
    return this.#validated(WebhooksResource, this.client.conversations.v1.configuration.webhooks().fetch());
  }

  readWebhooks(serviceSid: string): Promise<Webhooks> {
    return this.#validated(WebhooksResource, this.#webhooksOf(serviceSid).fetch());
  }

  /** Sets all of a service's webhooks; null removes a URL. */
  async setWebhooks(serviceSid: string, { preUrl, postUrl, method, filters }: Webhooks): Promise<void> {
    const webhooks = this.#webhooksOf(serviceSid);
    const others = { preWebhookUrl: preUrl ?? '', postWebhookUrl: postUrl ?? '', method };
    try {
      // The client would omit an empty list; in a form, one blank value means an empty list.
      const events = filters.length > 0 ? [...filters] : [''];
      await this.#validated(WebhooksResource, webhooks.update({ ...others, filters: events }));
    } catch (error) {
      // Twilio does not document that it accepts the blank. Filters without a URL have no effect, so they may stay.
      const isAboutBlank =
        error instanceof TwilioApiError && error.status === BAD_REQUEST && filters.length === 0;
      if (!isAboutBlank) throw error;
      await this.#validated(WebhooksResource, webhooks.update(others));
    }
  }

  listAddresses(): Promise<AddressConfiguration[]> {
    return this.#validated(
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
      await this.#validated(AddressResource, addressConfigurations(present.sid).update(how));
      return;
    }
    await this.#validated(
      AddressResource,
      addressConfigurations.create({ type, address, friendlyName, ...how }),
    );
  }

  /** Removes the configuration of an address. Succeeds if it does not exist. */
  async removeAddress({ sid }: AddressConfiguration): Promise<void> {
    const { addressConfigurations } = this.client.conversations.v1;
    await nullIfGone(this.#validated(v.unknown(), addressConfigurations(sid).remove()));
  }

  /**
   * The state of an app user, `active` or `deactivated`; null if no user has signed in to Frontline with exactly this
   * identity.
   */
  async frontlineUserState(identity: string): Promise<string | null> {
    const user = this.client.frontlineApi.v1.users(encodeURIComponent(identity));
    const found = await nullIfGone(this.#validated(UserResource, user.fetch()));
    return found?.state ?? null;
  }

  /**
   * Reads one resource of each API that the functions use.
   * @param withFrontline whether the functions read Frontline's users
   */
  async tryApis({ withFrontline }: { readonly withFrontline: boolean }): Promise<readonly ApiTrial[]> {
    const { contentAndApprovals } = this.client.content.v1;
    const readContents = () =>
      this.#validated(v.unknown(), contentAndApprovals.list({ pageSize: 1, limit: 1 }));
    const trials = [
      { api: 'Conversations', isRejected: await isRejected(this.readConversationServices()) },
      { api: 'Content', isRejected: await isRejected(readContents()) },
      { api: 'Media', isRejected: await isRejected(this.#readMissingMedia()) },
    ];
    if (!withFrontline) return trials;
    const users = await isRejected(this.frontlineUserState('frontline-doctor'));
    return [...trials, { api: 'Frontline', isRejected: users }];
  }

  /** The Media Content Service, which the official client does not have. */
  async #readMissingMedia(): Promise<void> {
    const uri = `${MEDIA_URL}/v1/Services/IS${NO_SID}/Media/ME${NO_SID}`;
    const request = this.client.request({ method: 'get', uri });
    const { statusCode } = await this.#validated(StatusOnly, request);
    if (REJECTIONS.has(statusCode)) throw new TwilioApiError(statusCode, 0, 'media');
  }

  /** A content template with its WhatsApp approval; null if the account does not have this SID. */
  async findContent(sid: string): Promise<ContentTemplate | null> {
    const content = this.client.content.v1.contents(sid);
    const found = await nullIfGone(this.#validated(ContentResource, content.fetch()));
    if (found === null) return null;
    const approval = await nullIfGone(this.#validated(ApprovalResource, content.approvalFetch().fetch()));
    return { ...found, ...(approval ?? { status: 'unsubmitted', rejectionReason: '' }) };
  }

  #validated<T>(schema: v.GenericSchema<unknown, T>, call: Promise<unknown>): Promise<T> {
    return validated(schema, call, this.used);
  }

  #webhooksOf(serviceSid: string) {
    return this.client.conversations.v1.services(serviceSid).configuration.webhooks();
  }
}

/** Whether an API rejects the credentials; not if the resource does not exist. Throws other failures. */
async function isRejected(reading: Promise<unknown>): Promise<boolean> {
  try {
    await nullIfGone(reading);
    return false;
  } catch (error) {
    const isRejection = error instanceof TwilioApiError && REJECTIONS.has(error.status);
    if (isRejection || error instanceof CredentialsRejectedError) return true;
    throw error;
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
export function accessOf({ accountSid, authToken, twilioApiKey, twilioApiUrl }: Settings): TwilioAccess {
  return { accountSid, authToken, apiKey: twilioApiKey, apiUrl: twilioApiUrl };
}

/** Opens an account with Twilio's official client. */
export function openTwilioAccount({ accountSid, authToken, apiKey, apiUrl }: TwilioAccess): TwilioAccount {
  const options = { httpClient: new TwilioRequests(apiUrl), accountSid };
  const ofToken = twilio(accountSid, authToken, options);
  if (apiKey === null) return new TwilioAccount(ofToken, ofToken, 'token');
  return new TwilioAccount(twilio(apiKey.sid, apiKey.secret, options), ofToken, 'api-key');
}

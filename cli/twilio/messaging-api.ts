import type twilio from 'twilio';
import * as v from 'valibot';
import { CredentialsRejectedError, isKnownError } from '../../lambdas/errors';
import { TwilioApiError } from '../../lambdas/twilio/twilio-client';
import {
  MessagingServiceResource,
  PoolNumberResource,
  PoolSenderResource,
  SenderResource,
} from './resource-schemas';
import { type CredentialsUsed, validated } from './twilio-requests';

/** A messaging service (twilio.md#messaging-services). */
export interface MessagingService {
  readonly sid: string;
  readonly friendlyName: string;
  /** The URL that receives messages to its senders; null for none. */
  readonly inboundUrl: string | null;
  /** Whether each sender's own settings apply to messages that it receives. */
  readonly defersToSender: boolean;
}

/** A WhatsApp sender of the account. */
export interface WhatsAppSender {
  readonly sid: string;
  /** Such as `whatsapp:+14135551234`. */
  readonly address: string;
}

const NOT_FOUND = 404;
/** Twilio's code for a sender that is in the pool already. */
const IN_THIS_POOL = 21_710;

/** The messaging services of an account. Throws as `TwilioAccount`. */
export class MessagingApi {
  constructor(
    private readonly client: twilio.Twilio,
    private readonly used: CredentialsUsed,
  ) {}

  /** Up to 1,000. */
  listServices(): Promise<MessagingService[]> {
    const { services } = this.client.messaging.v1;
    return this.#validated(v.array(MessagingServiceResource), services.list({ pageSize: 100, limit: 1000 }));
  }

  /** The numbers in a service's sender pool, up to 1,000. */
  async listNumbers(serviceSid: string): Promise<readonly string[]> {
    const { phoneNumbers } = this.client.messaging.v1.services(serviceSid);
    const list = phoneNumbers.list({ pageSize: 1000, limit: 1000 });
    return (await this.#validated(v.array(PoolNumberResource), list)).map(({ phoneNumber }) => phoneNumber);
  }

  /** The WhatsApp and other channel senders in a service's sender pool, up to 1,000. */
  async listSenders(serviceSid: string): Promise<readonly string[]> {
    const { channelSenders } = this.client.messaging.v1.services(serviceSid);
    const list = channelSenders.list({ pageSize: 1000, limit: 1000 });
    try {
      return (await this.#validated(v.array(PoolSenderResource), list)).map(({ sender }) => sender);
    } catch (error) {
      // A pool without any was seen to return 404.
      if (error instanceof TwilioApiError && error.status === NOT_FOUND) return [];
      throw error;
    }
  }

  /** Creates a service, unless one has this name. Its senders' own settings apply to inbound messages. @returns its SID */
  async createService(friendlyName: string): Promise<string> {
    const known = (await this.listServices()).find((service) => service.friendlyName === friendlyName);
    if (known !== undefined) return known.sid;
    const { services } = this.client.messaging.v1;
    const created = services.create({ friendlyName, useInboundWebhookOnNumber: true });
    return (await this.#validated(MessagingServiceResource, created)).sid;
  }

  /** Leaves inbound messages to the senders' own settings. */
  async deferToSender(serviceSid: string): Promise<void> {
    const service = this.client.messaging.v1.services(serviceSid);
    await this.#validated(MessagingServiceResource, service.update({ useInboundWebhookOnNumber: true }));
  }

  /** Adds a number of the account to a service's sender pool. Idempotent. */
  async addNumber(serviceSid: string, phoneNumberSid: string): Promise<void> {
    const { phoneNumbers } = this.client.messaging.v1.services(serviceSid);
    await unlessPresent(this.#validated(v.unknown(), phoneNumbers.create({ phoneNumberSid })));
  }

  /** Adds a WhatsApp sender of the account to a service's sender pool. Idempotent. */
  async addSender(serviceSid: string, { sid }: WhatsAppSender): Promise<void> {
    const { channelSenders } = this.client.messaging.v1.services(serviceSid);
    await unlessPresent(this.#validated(v.unknown(), channelSenders.create({ sid })));
  }

  /** The account's WhatsApp senders, up to 1,000; null if Twilio does not list them. */
  async listWhatsAppSenders(): Promise<readonly WhatsAppSender[] | null> {
    const { channelsSenders } = this.client.messaging.v2;
    try {
      const list = channelsSenders.list({ channel: 'whatsapp', pageSize: 100, limit: 1000 });
      return await this.#validated(v.array(SenderResource), list);
    } catch (error) {
      if (error instanceof CredentialsRejectedError || !isKnownError(error)) throw error;
      return null;
    }
  }

  #validated<T>(schema: v.GenericSchema<unknown, T>, call: Promise<unknown>): Promise<T> {
    return validated(schema, call, this.used);
  }
}

async function unlessPresent(adding: Promise<unknown>): Promise<void> {
  try {
    await adding;
  } catch (error) {
    if (!(error instanceof TwilioApiError && error.code === IN_THIS_POOL)) throw error;
  }
}

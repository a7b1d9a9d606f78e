import type { Customer } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import { ForbiddenError, NotFoundError } from '../errors';
import { spellingsOf } from '../phone-number/address';
import type { TwilioConversation } from '../twilio/conversation';
import { type OptOutStore, optedOutChannels, partitionsOf } from './opt-out-store';

/** The guard's data sources; never Airtable. */
export interface GuardSources {
  readonly customers: Pick<CustomerRepository, 'findPossiblyAt'>;
  readonly optOuts: Pick<OptOutStore, 'eventsOf'>;
}

/**
 * Rejects a worker's message to a conversation with an opt-out: of a participant's own address, with or without a
 * customer, or of a customer who has, or may have, one of the addresses. If something cannot be read, the error rejects
 * the message too: it can be sent again, but an unlawful message cannot be unsent.
 * @throws {ForbiddenError} also where Twilio does not find the conversation, because its participants are then unknown.
 */
export async function rejectOptedOut(
  conversation: Pick<TwilioConversation, 'customerAddresses'>,
  { customers, optOuts }: GuardSources,
): Promise<void> {
  const addresses = await conversation.customerAddresses().catch((error: unknown) => {
    throw error instanceof NotFoundError ? unknownConversation(error) : error;
  });
  if (addresses.length === 0) return;
  const ownPartitions = addresses.map(({ key }) => spellingsOf(key));
  const [optedOut, found] = await Promise.all([
    isAnyOptedOut(ownPartitions, optOuts),
    customers.findPossiblyAt(addresses),
  ]);
  if (optedOut || (await isOptedOut(found, optOuts))) {
    throw new ForbiddenError('The customer opted out of messages', {
      userMessage: 'This customer has opted out, so the message was not sent.',
    });
  }
}

/** Whether one of the customers opted out: by the base, or by an event under an address or the record. */
export async function isOptedOut(
  customers: readonly Pick<Customer, 'optOutCell' | 'recordId' | 'addressKeys'>[],
  optOuts: GuardSources['optOuts'],
): Promise<boolean> {
  if (customers.some(({ optOutCell }) => optOutCell !== 'no')) return true;
  return isAnyOptedOut(customers.map(partitionsOf), optOuts);
}

/** Each group of partitions has its own state: the latest event of one group does not apply to another. */
async function isAnyOptedOut(
  groups: readonly (readonly string[])[],
  optOuts: GuardSources['optOuts'],
): Promise<boolean> {
  const channels = await Promise.all(
    groups.map(async (partitions) => optedOutChannels(await optOuts.eventsOf(partitions))),
  );
  return channels.some(({ size }) => size > 0);
}

function unknownConversation(cause: NotFoundError): ForbiddenError {
  return new ForbiddenError(
    'Twilio does not find the conversation, so it is unknown who would be written to',
    {
      userMessage: 'This conversation was not found, so the message was not sent. Please open it again.',
      cause,
    },
  );
}

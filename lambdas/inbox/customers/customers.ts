import { randomUUID } from 'node:crypto';
import { visibleLine } from '../../characters/visible-text';
import { addCustomer } from '../../customers/add-customer';
import { addressesOf, type Customer, displayName } from '../../customers/customer';
import { BadRequestError } from '../../errors';
import { linksOf } from '../../frontline/customer-details';
import { parseChannels } from '../../frontline/parse-channels';
import { withoutChannel } from '../../phone-number/address';
import { openClaims, openCustomerWriter } from '../../request/open-customer-repository';
import type { Channel, CustomerDetail, RouteOutput } from '../api';
import { chatsOf } from '../chats/chat-detail';
import { optOutOf } from '../chats/composer';
import { InboxError } from '../inbox-error';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { openCustomer } from './open-customer';

const PAGE = 50;

/** The worker's own customers, by name. */
export async function listCustomers(
  inbox: Inbox,
  { identity }: WorkerRecord,
  {
    q,
    cursor,
    limit = PAGE,
  }: {
    readonly q?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit?: number | undefined;
  },
): Promise<RouteOutput<'customers'>> {
  const { customers, nextPageToken } = await inbox.customers.listCustomers({
    owner: identity,
    size: Math.max(1, limit),
    query: q?.trim() || null,
    start: cursor === undefined ? 'top' : { token: cursor },
  });
  return {
    customers: customers.map((customer) => ({ id: customer.id, name: displayName(customer) })),
    nextCursor: nextPageToken,
  };
}

export async function customerDetail(
  inbox: Inbox,
  worker: WorkerRecord,
  id: string,
): Promise<CustomerDetail> {
  return showCustomer(inbox, worker, await openCustomer(inbox, worker, id));
}

/** Adds a customer of the worker's own; a repeated request finds the one that the first added. */
export async function createCustomer(
  inbox: Inbox,
  worker: WorkerRecord,
  {
    name,
    sms,
    whatsapp,
  }: { readonly name: string; readonly sms: string | null; readonly whatsapp: string | null },
): Promise<CustomerDetail> {
  const { request } = inbox;
  const visibleName = visibleLine(name);
  if (visibleName === null) throw new InboxError('bad-request', 'Please give the customer a name.');
  const channels = [
    { type: 'sms', value: sms ?? '' },
    { type: 'whatsapp', value: whatsapp ?? '' },
  ].filter(({ value }) => value.trim() !== '');
  try {
    const numbers = parseChannels(JSON.stringify(channels), request.configuration.defaultCountry);
    const holder = randomUUID();
    const customer = await addCustomer(
      { name: visibleName, owner: worker.identity, ...numbers },
      {
        customers: inbox.customers,
        writer: await openCustomerWriter(request),
        claim: (keys) => openClaims(request).claim(keys, holder, Date.now()),
        deadline: request.deadline,
      },
    );
    return await showCustomer(inbox, worker, customer);
  } catch (error) {
    if (!(error instanceof BadRequestError)) throw error;
    throw new InboxError('bad-request', error.userMessage, { cause: error });
  }
}

async function showCustomer(inbox: Inbox, worker: WorkerRecord, customer: Customer): Promise<CustomerDetail> {
  const [optOut, chats, team] = await Promise.all([
    optOutOf([customer], [], inbox.optOuts),
    chatsOf(inbox, worker, customer, []),
    inbox.team(),
  ]);
  const { owner, recordId } = customer;
  return {
    id: customer.id,
    name: displayName(customer),
    channels: addressesOf(customer).map(({ channel, text }) => ({
      channel,
      address: withoutChannel(text),
      canStart: teamChannels(inbox).includes(channel) && optOut === null,
      needsTemplate: channel === 'whatsapp',
    })),
    links: linksOf(customer).map(({ display_name, value }) => ({ label: display_name, url: value })),
    notes: customer.notes,
    owner:
      owner === null ? null : { identity: owner, name: team.nameOf(owner), isMe: owner === worker.identity },
    optOut,
    chats,
    airtableUrl: airtablePage(inbox, recordId),
  };
}

/** The channels on which the team has a number. */
export function teamChannels({ request }: Inbox): Channel[] {
  return request.configuration.whatsappNumber === null ? ['sms'] : ['sms', 'whatsapp'];
}

/** Airtable leads from the base and a record to its page; an emulated base has none. */
function airtablePage({ request: { configuration } }: Inbox, recordId: string): string | null {
  const isAirtable = /(^|\.)airtable\.com$/.test(new URL(configuration.airtableUrl).hostname);
  return isAirtable ? `https://airtable.com/${configuration.airtableBaseId}/${recordId}` : null;
}

import { stringify } from 'csv-stringify/sync';
import { printableJson, printableLine } from '../../lambdas/characters/visible-text';
import { type OptOutEvent, type OptOutStore, partitionsOf } from '../../lambdas/opt-out/opt-out-store';
import { type AddressKey, type Channel, parseAddress, spellingsOf } from '../../lambdas/phone-number/address';
import type { CustomerHead, ReplicaStore } from '../../lambdas/replica/replica-store';
import type { ConsoleOutput } from '../terminal/console-output';
import { currentOptOuts, OptOutEvents } from './opt-out-events';

/** An address that must not be written to on a channel. */
export interface OptedOutAddress {
  /** In Twilio's format; blank for a customer without a readable number. */
  readonly address: string;
  /** `any` if only the base has the opt-out, because its checkbox has no channel. */
  readonly channel: Channel | 'any';
  /** ISO 8601; null if only the base has the opt-out. */
  readonly since: string | null;
  /** The keyword that the customer sent, or the source of a person's decision. */
  readonly word: string;
  /** The names of the customers who have the address. */
  readonly customers: readonly string[];
  readonly inAirtable: 'yes' | 'not yet' | 'no customer';
}

/** The sources of the list. */
export interface OptOutSources {
  readonly optOuts: Pick<OptOutStore, 'scan' | 'listPending'>;
  readonly replica: Pick<ReplicaStore, 'scanHeads' | 'customersByRecordId'>;
}

/** Reads every address and channel that is opted out, by events or in the base, earliest first. */
export async function listOptOuts({ optOuts, replica }: OptOutSources): Promise<readonly OptedOutAddress[]> {
  const events = await OptOutEvents.read(optOuts);
  const pending = new Set((await optOuts.listPending()).map(({ event }) => event.id));
  const rows: Row[] = [];
  const keysOfCustomers = new Set<AddressKey>();
  for await (const head of replica.scanHeads()) {
    for (const key of head.addressKeys) keysOfCustomers.add(key);
    rows.push(...rowsOfCustomer(head, events, pending));
  }
  for (const { key, texts } of events.addresses) {
    if (key !== null && keysOfCustomers.has(key)) continue;
    for (const [channel, event] of currentOptOuts(events.of(texts))) {
      const address = textOn(channel, texts) ?? (key === null ? texts[0] : textOn(channel, spellingsOf(key)));
      rows.push({ address: address ?? '', channel, event, word: event.keyword, inAirtable: 'no customer' });
    }
  }
  const recordIds = [...new Set(rows.flatMap(({ recordId }) => recordId ?? []))];
  const customers = await replica.customersByRecordId(recordIds);
  const nameOf = (recordId: string) => customers.get(recordId)?.customer.name ?? `record ${recordId}`;
  return merged(rows, nameOf).sort(
    (one, other) => timeOf(one.since) - timeOf(other.since) || one.address.localeCompare(other.address),
  );
}

/** A row of one customer, or of an address without a customer. */
interface Row {
  readonly address: string;
  readonly channel: Channel | 'any';
  readonly event: OptOutEvent | null;
  readonly word: string;
  readonly inAirtable: OptedOutAddress['inAirtable'];
  readonly recordId?: string;
}

function rowsOfCustomer(
  head: CustomerHead,
  events: OptOutEvents,
  pending: ReadonlySet<string>,
): readonly Row[] {
  const { recordId, optOutCell, addressKeys } = head;
  const addresses = (channel: Channel | 'any') =>
    addressKeys.length === 0
      ? ['']
      : addressKeys.map((key) => textOn(channel, [...events.textsOf(key), ...spellingsOf(key)]) ?? '');
  const current = [...currentOptOuts(events.of(partitionsOf(head)))];
  if (current.length > 0) {
    return current.flatMap(([channel, event]) => {
      const inAirtable = optOutCell === 'no' || pending.has(event.id) ? 'not yet' : 'yes';
      const { keyword: word } = event;
      return addresses(channel).map((address) => ({ address, channel, event, word, inAirtable, recordId }));
    });
  }
  if (optOutCell === 'no') return [];
  const word = optOutCell === 'yes' ? 'ticked in Airtable' : 'unclear text in opt_out';
  return addresses('any').map((address) => ({
    address,
    channel: 'any',
    event: null,
    word,
    inAirtable: 'yes',
    recordId,
  }));
}

/** The first spelling of the channel. */
function textOn(channel: Channel | 'any', texts: readonly string[]): string | undefined {
  return texts.find((text) => channel === 'any' || parseAddress(text)?.channel === channel);
}

/** One row for each address and channel, with every customer who shares it. */
function merged(rows: readonly Row[], nameOf: (recordId: string) => string): OptedOutAddress[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const place = `${row.address || row.recordId} ${row.channel}`;
    groups.set(place, [...(groups.get(place) ?? []), row]);
  }
  return [...groups.values()].flatMap((sharing) => {
    const [first] = [...sharing].sort((one, other) => timeOf(one.event?.at) - timeOf(other.event?.at));
    if (first === undefined) return [];
    const { address, channel, event, word } = first;
    return {
      address,
      channel,
      since: event?.at ?? null,
      word,
      customers: sharing.flatMap(({ recordId }) => (recordId === undefined ? [] : nameOf(recordId))).sort(),
      // Airtable has the opt-out only if it has it for each customer who shares the address.
      inAirtable: sharing.find(({ inAirtable }) => inAirtable !== 'yes')?.inAirtable ?? 'yes',
    };
  });
}

function timeOf(at: string | null | undefined): number {
  return at ? Date.parse(at) : Number.MAX_SAFE_INTEGER;
}

const HEADINGS = ['address', 'channel', 'since', 'word', 'customers', 'in_airtable'] as const;

/**
 * The list as a CSV file with a header. Starts with a byte order mark, because Excel misreads names without one.
 * Prefixes a cell that starts like a formula with an apostrophe, because names come from customers and a spreadsheet
 * would run it. A phone number keeps its plus sign, because it contains only digits.
 */
function asCsv(optOuts: readonly OptedOutAddress[]): string {
  const rows = optOuts.map(({ address, channel, since, word, customers, inAirtable }) =>
    [address, channel, since ?? '', word, customers.join('; '), inAirtable].map(harmless),
  );
  return stringify([HEADINGS, ...rows], { bom: true, record_delimiter: 'windows' });
}

const PHONE_NUMBER = /^\+\d+$/;
/** Also after white space and control characters, which some programs skip, and in full width. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u;

function harmless(cell: string): string {
  return FORMULA.test(cell) && !PHONE_NUMBER.test(cell) ? `'${cell}` : cell;
}

/** Prints the list as a table, as CSV or as JSON. */
export async function showOptOuts(
  sources: OptOutSources,
  screen: ConsoleOutput,
  format: 'table' | 'csv' | 'json',
): Promise<void> {
  const optOuts = await listOptOuts(sources);
  if (format === 'csv') {
    screen.data(asCsv(optOuts));
    return;
  }
  if (format === 'json') {
    screen.line(printableJson(JSON.stringify(optOuts, null, 2)));
    return;
  }
  if (optOuts.length === 0) {
    screen.line('No address is opted out.');
    return;
  }
  screen.table(optOuts.map(cellsOf));
  const count = optOuts.length;
  screen.line(`\n${count === 1 ? '1 address is' : `${count} addresses are`} opted out.`);
}

const CHANNEL_NAME = { sms: 'SMS', whatsapp: 'WhatsApp', any: 'any channel' } as const;
const IN_AIRTABLE = {
  yes: 'in Airtable',
  'not yet': 'NOT YET in Airtable',
  'no customer': 'no customer has it',
} as const;

function cellsOf({ address, channel, since, word, customers, inAirtable }: OptedOutAddress): string[] {
  const time = since === null ? 'time unknown' : `since ${since.slice(0, 16).replace('T', ' ')} UTC`;
  const cells = [address || 'unreadable number', CHANNEL_NAME[channel], time, word, customers.join(', ')];
  return [...cells, IN_AIRTABLE[inAirtable]].map((cell) => printableLine(cell));
}

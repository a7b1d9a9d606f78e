import { type OptOutEvent, type OptOutStore, optedOutChannels } from '../../lambdas/opt-out/opt-out-store';
import { type AddressKey, type Channel, parseAddress } from '../../lambdas/phone-number/address';

/** An address that has events. */
export interface RecordedAddress {
  /** Null for an address that cannot be normalised, such as a sender's name. */
  readonly key: AddressKey | null;
  /** Every spelling under which Twilio sent a keyword. */
  readonly texts: readonly string[];
}

/** Every event of the opt-out table, in memory, because the list and the doctor read all of them. */
export class OptOutEvents {
  readonly #byPartition: ReadonlyMap<string, readonly OptOutEvent[]>;
  /** By key, or by the text itself if there is no key. */
  readonly #addresses: ReadonlyMap<string, RecordedAddress>;

  private constructor(byPartition: ReadonlyMap<string, readonly OptOutEvent[]>) {
    this.#byPartition = byPartition;
    this.#addresses = groupedByKey([...byPartition.keys()].filter((partition) => !isRecordId(partition)));
  }

  static async read(optOuts: Pick<OptOutStore, 'scan'>): Promise<OptOutEvents> {
    const byPartition = new Map<string, OptOutEvent[]>();
    for await (const { partition, event } of optOuts.scan()) {
      const events = byPartition.get(partition);
      if (events === undefined) byPartition.set(partition, [event]);
      else events.push(event);
    }
    return new OptOutEvents(byPartition);
  }

  /** The events of these partitions, without duplicates. */
  of(partitions: readonly string[]): readonly OptOutEvent[] {
    const events = partitions.flatMap((partition) => this.#byPartition.get(partition) ?? []);
    return [...new Map(events.map((event) => [`${event.channel} ${event.at} ${event.id}`, event])).values()];
  }

  get addresses(): Iterable<RecordedAddress> {
    return this.#addresses.values();
  }

  /** The spellings of the address that have events. */
  textsOf(key: AddressKey): readonly string[] {
    return this.#addresses.get(key)?.texts ?? [];
  }
}

/** The channels that are opted out, each with the event that opted it out: the first after the last opt-in. */
export function currentOptOuts(events: readonly OptOutEvent[]): ReadonlyMap<Channel, OptOutEvent> {
  const current = new Map<Channel, OptOutEvent>();
  for (const channel of [...optedOutChannels(events)].sort()) {
    const ofChannel = events.filter((event) => event.channel === channel);
    const lastOptIn = Math.max(0, ...ofChannel.filter(({ kind }) => kind === 'opt-in').map(timeOf));
    const [first] = ofChannel
      .filter((event) => event.kind === 'opt-out' && timeOf(event) >= lastOptIn)
      .sort((one, other) => timeOf(one) - timeOf(other));
    if (first !== undefined) current.set(channel, first);
  }
  return current;
}

function timeOf({ at }: OptOutEvent): number {
  return Date.parse(at);
}

function groupedByKey(texts: readonly string[]): ReadonlyMap<string, RecordedAddress> {
  const addresses = new Map<string, RecordedAddress>();
  for (const text of texts) {
    const key = parseAddress(text)?.key ?? null;
    const known = addresses.get(key ?? text)?.texts ?? [];
    addresses.set(key ?? text, { key, texts: [...known, text] });
  }
  return addresses;
}

function isRecordId(partition: string): boolean {
  return /^rec[A-Za-z0-9]+$/.test(partition);
}

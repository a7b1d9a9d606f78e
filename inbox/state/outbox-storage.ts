import { type Outgoing, readOutgoing } from '../logic/outbox';
import { readStored, storedKeys, type TextStorage, writeStored } from './stored';

/**
 * A worker's messages on their way, each under a key of its own: two tabs that write at the same moment overwrite
 * nothing of each other.
 */
export class OutboxStorage {
  /** Entries that the browser did store; those of a full or forbidden storage live in this tab only. */
  readonly #stored = new Set<string>();

  constructor(
    private readonly storage: TextStorage,
    /** Such as `inbox.outbox.ana%40example.com/`. */
    private readonly prefix: string,
  ) {}

  /** Every entry; what cannot be read is left out. */
  readAll(): readonly Outgoing[] {
    const entries = storedKeys(this.storage).flatMap(
      (key) => this.read(key, readStored(this.storage, key)) ?? [],
    );
    for (const { sendId } of entries) this.#stored.add(sendId);
    return entries;
  }

  /** The entry of a key and its value; null for others. */
  read(key: string, value: string | null): Outgoing | null {
    const sendId = this.sendIdOf(key);
    const entry = sendId === null ? null : readOutgoing(value);
    return entry?.sendId === sendId ? entry : null;
  }

  /** The send id of a key; null for other keys. */
  sendIdOf(key: string): string | null {
    return key.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
  }

  put(entry: Outgoing): void {
    if (writeStored(this.storage, this.prefix + entry.sendId, JSON.stringify(entry))) {
      this.#stored.add(entry.sendId);
    }
  }

  remove(sendId: string): void {
    this.#stored.delete(sendId);
    writeStored(this.storage, this.prefix + sendId, null);
  }

  /** Whether another tab has taken an entry out, perhaps without this tab having heard of it. */
  isRemoved(sendId: string): boolean {
    return this.#stored.has(sendId) && readStored(this.storage, this.prefix + sendId) === null;
  }
}

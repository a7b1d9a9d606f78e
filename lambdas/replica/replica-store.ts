import type { Customer, MappedCustomer, OwnerColumn } from '../customers/customer';
import type { Template } from '../customers/customer-repository';
import type { AddressKey } from '../phone-number/address';

/**
 * Sync's access to the replica table. Its implementation, `dynamo-replica-store.ts`, is bound to one base; the base's
 * id is in every key.
 *
 * Times are milliseconds since the epoch. `readAt` is when the Airtable request that read a record was sent: a write
 * takes effect only on an item with an older `readAt`, so that a slow read never overwrites a newer one.
 */
export interface ReplicaStore {
  /**
   * Takes the only lease of sync. Null where another run holds it; that run is then requested to run again before it
   * releases the lease.
   */
  acquireLease(now: number): Promise<Lease | null>;

  readState(): Promise<SyncState>;
  /** Replaces the named parts of the state. @throws {LeaseLostError} */
  updateState(lease: Lease, changes: Partial<SyncState>): Promise<void>;

  /** The webhook's own item: the only one that the `airtable-webhook` function may read. */
  readWebhook(): Promise<WebhookRegistration | null>;
  /** @throws {LeaseLostError} */
  writeWebhook(lease: Lease, webhook: WebhookRegistration | null): Promise<void>;

  /** The stored customers among these records, read consistently; a tombstone is not among them. */
  customersByRecordId(recordIds: readonly string[]): Promise<ReadonlyMap<string, StoredCustomer>>;
  /** Record ids of customers who have one of the address keys or digit tails; verified against the customer. */
  recordIdsAt(keys: readonly AddressKey[], tails: readonly string[]): Promise<string[]>;
  /** Every stored customer's head, read consistently; tombstones are left out. */
  scanHeads(): AsyncIterable<CustomerHead>;

  /**
   * Writes a customer: new key items first, then the customer, then removes surplus key items; also its owner's item
   * where that is new. This order makes a crash half way harmless. A record too large for an item loses its longest
   * columns (`trimmed`).
   * @throws {RecordRejectedError} for a record that DynamoDB rejects even then
   */
  putCustomer(write: CustomerWrite): Promise<PutResult>;
  /** Replaces the customer by a tombstone that expires after a day, then removes its key items. */
  deleteCustomer(recordId: string, readAt: number, now: number): Promise<'deleted' | 'absent' | 'outdated'>;

  /** Replaces all templates at once, in this order. An older `readAt` than the stored one has no effect. */
  replaceTemplates(templates: readonly Template[], readAt: number): Promise<void>;
  /** Sets the owners to exactly these counts; owners missing here are removed unless they came after `since`. */
  replaceOwners(counts: ReadonlyMap<string, number>, since: number): Promise<void>;
}

export interface CustomerWrite extends MappedCustomer {
  readonly readAt: number;
  /**
   * The stored customer, as returned by `customersByRecordId` or `scanHeads`; null for an unknown record. With an equal
   * hash `putCustomer` only updates `readAt` (and renews the avatar's link) if `refresh` is set. Otherwise it does
   * nothing: a write that was read earlier may then still come after it, so read `stored` just before the write.
   */
  readonly stored: CustomerHead | null;
  readonly refresh: boolean;
}

export type PutResult =
  | { readonly outcome: 'written'; readonly trimmed: readonly string[] }
  | { readonly outcome: 'unchanged' }
  /** The stored item was read later than this one: nothing was written. */
  | { readonly outcome: 'outdated' };

/** The part of a stored customer that comparing needs. */
export interface CustomerHead {
  readonly recordId: string;
  readonly readAt: number;
  readonly hash: string;
  readonly owner: string | null;
  readonly optOutCell: Customer['optOutCell'];
  readonly addressKeys: readonly AddressKey[];
  readonly digitTails: readonly string[];
  /** The text of the `id` column that the customer is found by; null for a blank id. */
  readonly idColumn: string | null;
  readonly mappingVersion: string;
  /** Items left behind by a killed run; the next `putCustomer` removes them. */
  readonly leftovers?: readonly string[];
}

export interface StoredCustomer extends CustomerHead {
  readonly customer: Customer;
}

/** DynamoDB rejects this record, even after truncation. Other records are not affected. */
export class RecordRejectedError extends Error {
  override readonly name = 'RecordRejectedError';

  constructor(
    readonly recordId: string,
    options: { readonly cause: unknown },
  ) {
    super(`DynamoDB rejected the record ${recordId}`, options);
  }
}

/** The lease, for its holder. */
export interface Lease {
  readonly holder: string;
  /** Extends the lease; called after each read and before the writes that follow. @throws {LeaseLostError} */
  renew(now: number): Promise<void>;
  /**
   * Releases the lease, unless another run was requested: then keeps it and returns 'again'.
   * @throws {LeaseLostError}
   */
  release(): Promise<'released' | 'again'>;
}

/** Another run took over the lease because this one did not renew it in time. Ends the run; nothing is lost. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface SyncState {
  /** The last complete pass; null until the first one. Callbacks are served from then on. */
  readonly lastPass: {
    readonly startedAt: number;
    readonly finishedAt: number;
    readonly customers: number;
    readonly mappingVersion: string;
  } | null;
  /** The pass in progress, for set-up's progress display; null between passes. */
  readonly passProgress: { readonly startedAt: number; readonly customers: number } | null;
  /** The next webhook payload to read; null where there is no webhook. */
  readonly cursor: number | null;
  /** When payloads were last listed up to the end; null if never. */
  readonly drainedAt: number | null;
  /** When a ping last caused that; null if never. */
  readonly drainedForPingAt: number | null;
  readonly ownerColumn: OwnerColumn;
  /**
   * Airtable's ids of the Customers table and of the columns that the guard needs, from the last pass; null where it
   * could not read them.
   */
  readonly schemaIds: {
    readonly table: string | null;
    readonly optOut: string | null;
    readonly sms: string | null;
    readonly whatsapp: string | null;
  } | null;
  /** Why there is no webhook, for the doctor; null where there is one. */
  readonly webhookProblem: string | null;
  /** Why the last run failed, for the doctor; null after a successful one. */
  readonly lastFailure: { readonly at: number; readonly message: string } | null;
}

/** Airtable's webhook of this base. The MAC secret protects no data: a forged ping at most causes a drain. */
export interface WebhookRegistration {
  readonly id: string;
  readonly macSecretBase64: string;
  /** Null for a webhook that is only polled, as with `npx frontline start --live`. */
  readonly notificationUrl: string | null;
}

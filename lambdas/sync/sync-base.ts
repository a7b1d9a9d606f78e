import type { PayloadPage, Webhook } from '../airtable/airtable-webhooks';
import type { OptOutWrite } from '../airtable/opt-out-cells';
import type { MappedCustomer, OwnerColumn } from '../customers/customer';
import type { Template } from '../customers/customer-repository';
import type { SyncState } from '../replica/replica-store';

/** A record of the Customers table. A record that cannot be mapped carries the reason; it does not stop the run. */
export type ReadRecord =
  | { readonly recordId: string; readonly mapped: MappedCustomer }
  | { readonly recordId: string; readonly fault: string };

export interface ReadRecords {
  readonly records: readonly ReadRecord[];
  /** When the request was sent, milliseconds since the epoch. */
  readonly readAt: number;
}

export interface RecordPage extends ReadRecords {
  /** Where the next page begins; null on the last one. */
  readonly offset: string | null;
}

/** A column's purpose; the adapter knows the column's name. */
export type RequiredColumn = 'optOut' | 'sms' | 'whatsapp' | 'owner' | 'name';

export interface BaseSchema {
  /** The kind of each table of the base, by table id. */
  readonly tables: ReadonlyMap<string, 'customers' | 'templates' | 'other'>;
  readonly ownerColumn: OwnerColumn;
  /** Airtable's ids of the Customers table and of its columns that the guard needs; null for a missing one. */
  readonly schemaIds: NonNullable<SyncState['schemaIds']>;
}

/**
 * The base as sync reads and writes it: Airtable behind an adapter. Every method may throw `ServiceUnavailableError`
 * where Airtable is down or throttles, and `ConfigurationError` where the token, the base or a table differs from its
 * setup.
 */
export interface SyncBase {
  /** Changes when the mapping of records changes: with the code, and with DEFAULT_COUNTRY. */
  readonly mappingVersion: string;
  /** One page of the Customers table, all columns; null is the first page. @throws where the list iterator expired. */
  listCustomers(offset: string | null): Promise<RecordPage>;
  /** The existing records among at most 100. */
  customersByRecordId(recordIds: readonly string[]): Promise<ReadRecords>;
  /** Every template, in the order of the team's view, and when the first of the requests was sent. */
  listTemplates(): Promise<{ readonly templates: readonly Template[]; readonly readAt: number }>;
  /**
   * The columns that the Customers table lacks, by their required names. Needed because a record shows a missing column
   * like a blank cell.
   */
  missingColumns(columns: readonly RequiredColumn[]): Promise<readonly string[]>;
  /** Null where the token may not read the schema. */
  readSchema(): Promise<BaseSchema | null>;
  /** Ticks or unticks `opt_out` of each record; a record that Airtable rejects does not block others. */
  writeOptOut(recordIds: readonly string[], value: boolean): Promise<ReadonlyMap<string, OptOutWrite>>;
  readonly webhooks: SyncWebhooks;
}

export interface SyncWebhooks {
  /** @throws {WebhookNotAllowedError} */
  list(): Promise<readonly Webhook[]>;
  /** @throws {WebhookNotAllowedError} */
  create(notificationUrl: string | null): Promise<{ readonly id: string; readonly macSecretBase64: string }>;
  /** A webhook that is gone counts as deleted. @throws {WebhookNotAllowedError} */
  delete(id: string): Promise<void>;
  /** @throws {WebhookNotAllowedError} */
  enableNotifications(id: string): Promise<void>;
  /**
   * At most 50 payloads, and when the request was sent. Extends the webhook's life by seven days.
   * @throws {WebhookGoneError}
   */
  listPayloads(id: string, cursor: number): Promise<PayloadPage & { readonly readAt: number }>;
}

/** The token lacks `webhook:manage`, its owner is not a creator of the base, or the base has its ten webhooks. */
export class WebhookNotAllowedError extends Error {
  override readonly name = 'WebhookNotAllowedError';
}

/** Another table now has the name of the Customers table: only a full pass shows its content. */
export class TableReplacedError extends Error {
  override readonly name = 'TableReplacedError';
}

/** The webhook is gone or dead, or its payloads are: only a full pass shows the changes since then. */
export class WebhookGoneError extends Error {
  override readonly name = 'WebhookGoneError';
}

import type { CustomerWrite, SyncState } from '../replica/replica-store';
import type { Template } from '../templates/template';

/** A customer as `putCustomer` takes it, mapped from one record. */
export type MappedCustomer = Omit<CustomerWrite, 'readAt' | 'stored' | 'refresh'>;

/** A record of the Customers table. A record that cannot be mapped carries the reason; it stops no run. */
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

/** What a column is about, in our words; the adapter knows the column's name. */
export type RequiredColumn = 'optOut' | 'sms' | 'whatsapp' | 'owner' | 'name';

export interface BaseSchema {
  /** What each table of the base holds, by the table's id. */
  readonly tables: ReadonlyMap<string, 'customers' | 'templates' | 'other'>;
  readonly ownerColumn: SyncState['ownerColumn'];
  /** Airtable's ids of the Customers table and of its columns that the guard needs; null for what is missing. */
  readonly schemaIds: NonNullable<SyncState['schemaIds']>;
}

/** What became of one record's `opt_out` cell. */
export type OptOutWrite =
  | { readonly outcome: 'written' }
  /** The record is not there any more. */
  | { readonly outcome: 'gone' }
  /** `rejected`: the cell is as it was. `unknown`: no reply came, so the cell may have changed. */
  | { readonly outcome: 'rejected' | 'unknown'; readonly reason: string };

/**
 * The base as sync reads and writes it: Airtable behind an adapter. Every method may throw `ServiceUnavailableError` where Airtable
 * is down or throttles, and `ConfigurationError` where the token, the base or a table is not as set-up left it.
 */
export interface SyncBase {
  /** Changes whenever records are mapped in another way: with the code, and with DEFAULT_COUNTRY. */
  readonly mappingVersion: string;
  /** One page of the Customers table, all columns; null is the first page. @throws where the list has expired. */
  listCustomers(offset: string | null): Promise<RecordPage>;
  /** The records that exist among at most 100. */
  customersByRecordId(recordIds: readonly string[]): Promise<ReadRecords>;
  /** Every template, in the order of the team's view, and when the first of the requests was sent. */
  listTemplates(): Promise<{ readonly templates: readonly Template[]; readonly readAt: number }>;
  /**
   * Which of the columns the Customers table lacks, by the names that they have to have there. Blank cells and missing
   * columns look alike in a record.
   */
  missingColumns(columns: readonly RequiredColumn[]): Promise<readonly string[]>;
  /** Null where the token may not read the schema. */
  readSchema(): Promise<BaseSchema | null>;
  /** Ticks or unticks `opt_out` of each record; one record that Airtable rejects holds up no other. */
  writeOptOut(recordIds: readonly string[], value: boolean): Promise<ReadonlyMap<string, OptOutWrite>>;
  readonly webhooks: SyncWebhooks;
}

/** A webhook as Airtable lists it. */
export interface ListedWebhook {
  readonly id: string;
  readonly notificationUrl: string | null;
  /** False once the webhook has failed for good. */
  readonly isHookEnabled: boolean;
  /** False after 13 failed pings; payloads are still kept. */
  readonly areNotificationsEnabled: boolean;
  readonly cursorForNextPayload: number;
  /** Milliseconds since the epoch; null where Airtable does not say. */
  readonly expiresAt: number | null;
}

/** What one transaction in the base changed. Cell values are not read: each record is read again. */
export interface ChangePayload {
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** Airtable's code where the webhook has failed; it is dead from then on. */
  readonly error: string | null;
  readonly tables: readonly TableChanges[];
}

export interface TableChanges {
  readonly tableId: string;
  /** Created or changed. */
  readonly changedRecordIds: readonly string[];
  readonly destroyedRecordIds: readonly string[];
}

interface PayloadPage {
  /** The next payload to ask for. */
  readonly cursor: number;
  readonly mightHaveMore: boolean;
  readonly payloads: readonly ChangePayload[];
  /** When the request was sent, milliseconds since the epoch. */
  readonly readAt: number;
}

export interface SyncWebhooks {
  /** @throws {WebhookNotAllowedError} */
  list(): Promise<readonly ListedWebhook[]>;
  /** @throws {WebhookNotAllowedError} */
  create(notificationUrl: string | null): Promise<{ readonly id: string; readonly macSecretBase64: string }>;
  /** A webhook that is gone counts as deleted. @throws {WebhookNotAllowedError} */
  delete(id: string): Promise<void>;
  /** @throws {WebhookNotAllowedError} */
  enableNotifications(id: string): Promise<void>;
  /** At most 50 payloads. Extends the webhook's life by seven days. @throws {WebhookGoneError} */
  listPayloads(id: string, cursor: number): Promise<PayloadPage>;
}

/** The token lacks `webhook:manage`, its owner is no creator of the base, or the base has its ten webhooks. */
export class WebhookNotAllowedError extends Error {
  override readonly name = 'WebhookNotAllowedError';
}

/** Another table has the name of the Customers table now: only a full pass shows what is in it. */
export class TableReplacedError extends Error {
  override readonly name = 'TableReplacedError';
}

/** The webhook is gone or dead, or its payloads are: only a full pass shows what has changed since. */
export class WebhookGoneError extends Error {
  override readonly name = 'WebhookGoneError';
}

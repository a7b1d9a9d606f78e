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

/** The result of writing one record's `opt_out` cell. */
export type OptOutWrite =
  | { readonly outcome: 'written' }
  /** The record no longer exists. */
  | { readonly outcome: 'gone' }
  /** `rejected`: the cell is unchanged. `unknown`: no response came, so the cell may have changed. */
  | { readonly outcome: 'rejected' | 'unknown'; readonly reason: string };

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

/** The changes of one transaction in the base. Cell values are not read: each record is read again. */
export interface ChangePayload {
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** Airtable's error code where the webhook has failed; the webhook is dead from then on. */
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
  /** The cursor of the next request. */
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

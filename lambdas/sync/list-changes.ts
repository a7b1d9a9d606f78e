import type { TableChanges } from '../airtable/airtable-webhooks';
import { ConfigurationError } from '../errors';
import type { Leaving } from './remove-customers';
import { TableReplacedError, WebhookGoneError } from './sync-base';
import { readBase, type SyncRun } from './sync-run';

/** The changes in the webhook's payloads, from a cursor to the end. */
export interface Changes {
  /** The next payload to read once these changes are applied. */
  readonly cursor: number;
  /** When the last request was sent: nothing that happened before is missing. */
  readonly listedAt: number;
  /** Customers that were created or changed, and not destroyed since. */
  readonly changed: ReadonlySet<string>;
  /** Customers that were destroyed, and not created again since. */
  readonly destroyed: ReadonlyMap<string, Leaving>;
  /** Whether the templates changed. */
  readonly templates: boolean;
}

/** Airtable may announce more payloads and send none; after this many such pages the rest is left for later. */
const MAX_EMPTY_PAGES = 3;

/** @throws {WebhookGoneError} {TableReplacedError} where only a full pass shows the changes. */
export async function listChanges(run: SyncRun, webhookId: string, from: number): Promise<Changes> {
  const collected = new CollectedChanges(run);
  let cursor = from;
  let emptyPages = 0;
  for (;;) {
    const page = await readBase(run, ({ webhooks }) => webhooks.listPayloads(webhookId, cursor));
    const { readAt } = page;
    for (const payload of page.payloads) {
      if (payload.error !== null) throw new WebhookGoneError(`Airtable reports ${payload.error}`);
      for (const table of payload.tables) await collected.add(table, { at: payload.at ?? readAt, readAt });
    }
    cursor = Math.max(cursor, page.cursor);
    emptyPages = page.payloads.length === 0 ? emptyPages + 1 : 0;
    if (!page.mightHaveMore || emptyPages === MAX_EMPTY_PAGES) {
      return {
        cursor,
        listedAt: readAt,
        changed: collected.changed,
        destroyed: collected.destroyed,
        templates: collected.templates,
      };
    }
  }
}

/** Collects record ids in the order of the payloads, so that the last change of a record counts. */
class CollectedChanges {
  readonly changed = new Set<string>();
  readonly destroyed = new Map<string, Leaving>();
  templates = false;
  #tables: ReadonlyMap<string, 'customers' | 'templates' | 'other'> | 'unknown' | null = null;

  constructor(private readonly run: SyncRun) {}

  async add(table: TableChanges, { at, readAt }: { at: number; readAt: number }): Promise<void> {
    const kind = await this.#kindOf(table.tableId);
    if (kind === 'templates' || kind === 'unknown') this.templates = true;
    if (kind !== 'customers' && kind !== 'unknown') return;
    // If one transaction destroys and recreates a record, the re-read shows whether it exists.
    for (const recordId of table.destroyedRecordIds) {
      this.changed.delete(recordId);
      this.destroyed.set(recordId, { recordId, readAt, leftAt: at });
    }
    for (const recordId of table.changedRecordIds) {
      this.destroyed.delete(recordId);
      this.changed.add(recordId);
    }
  }

  /** Where the token may not read the schema, a table may be either kind: record ids are unique in the base. */
  async #kindOf(tableId: string): Promise<'customers' | 'templates' | 'other' | 'unknown'> {
    this.#tables ??= await readTables(this.run);
    return this.#tables === 'unknown' ? 'unknown' : (this.#tables.get(tableId) ?? 'other');
  }
}

async function readTables(run: SyncRun) {
  const schema = await readBase(run, (base) => base.readSchema());
  if (schema === null) return 'unknown';
  if (![...schema.tables.values()].includes('customers')) {
    throw new ConfigurationError(['The base has no table Customers: give the table its name back']);
  }
  const { schemaIds } = await run.store.readState();
  if (typeof schemaIds?.table === 'string' && schemaIds.table !== schema.schemaIds.table) {
    throw new TableReplacedError('Another table has the name Customers now');
  }
  return schema.tables;
}

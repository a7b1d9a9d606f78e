import type { Payload, Webhook } from '../../../../lambdas/airtable/airtable-webhooks';
import { mapCustomer, mappingVersionFor } from '../../../../lambdas/airtable/customer-record';
import type { OptOutWrite } from '../../../../lambdas/airtable/opt-out-cells';
import { ServiceUnavailableError } from '../../../../lambdas/errors';
import {
  type ReadRecord,
  type RequiredColumn,
  type SyncBase,
  type SyncWebhooks,
  WebhookGoneError,
} from '../../../../lambdas/sync/sync-base';
import type { Stepper } from './stepper';

export type Field = 'name' | 'owner' | 'sms' | 'whatsapp' | 'opt_out';
export type Cells = Partial<Record<Field, string>>;

const OPTIONS = { defaultCountry: 'US' } as const;
/** Small, so that few customers make several pages. */
const PAGE = 2;
const WEEK_MS = 7 * 24 * 60 * 60_000;

interface MemoryWebhook {
  readonly id: string;
  readonly notificationUrl: string | null;
  readonly payloads: Payload[];
  isHookEnabled: boolean;
  areNotificationsEnabled: boolean;
  expirationTime: string;
}

/**
 * A base in memory: people's edits and Airtable's responses (airtable.md#listing-records, airtable.md#writing-records,
 * airtable.md#webhooks).
 */
export class MemoryBase {
  readonly records = new Map<string, Cells>();
  readonly trash = new Map<string, Cells>();
  readonly webhooks: MemoryWebhook[] = [];
  /** Columns that have another name for now. */
  readonly renamed = new Set<Field>();
  /** Records whose cells the token may not write. */
  readonly locked = new Set<string>();
  isDown = false;
  /** Whether writes take effect but their responses are lost. */
  losesReplies = false;
  /** Called after each change of a record. */
  onChange: (recordId: string) => void = () => {};
  /** Called before sync changes a cell. */
  onTick: (recordId: string, value: boolean) => void = () => {};
  readonly #lists = new Map<string, readonly string[]>();
  #created = 0;
  #listings = 0;

  constructor(private readonly now: () => number) {}

  create(cells: Cells): string {
    this.#created += 1;
    const id = `rec${String(this.#created).padStart(14, '0')}`;
    this.records.set(id, cells);
    this.#changed([id]);
    return id;
  }

  change(recordId: string, cells: Cells): void {
    this.records.set(recordId, { ...this.records.get(recordId), ...cells });
    this.#changed([recordId]);
  }

  delete(recordId: string): void {
    this.trash.set(recordId, this.records.get(recordId) ?? {});
    this.records.delete(recordId);
    this.#publish({ changedRecordIds: [], destroyedRecordIds: [recordId] });
    this.onChange(recordId);
  }

  undoDelete(recordId: string): void {
    this.records.set(recordId, this.trash.get(recordId) ?? {});
    this.trash.delete(recordId);
    this.#changed([recordId]);
  }

  loseLists(): void {
    this.#lists.clear();
  }

  /** The record as sync would map it if every column had its name. */
  truth(recordId: string): ReadRecord | null {
    const cells = this.records.get(recordId);
    return cells === undefined ? null : this.#mapped(recordId, cells);
  }

  /** The base as one run reads and writes it, held at each request. */
  openFor(stepper: Stepper): SyncBase {
    const request = async <T>(effect: () => T): Promise<{ readonly result: T; readonly readAt: number }> => {
      const readAt = this.now();
      const result = await stepper.call(() => {
        if (this.isDown) throw new ServiceUnavailableError('Airtable is down', 5);
        return effect();
      });
      return { result, readAt };
    };
    return {
      mappingVersion: mappingVersionFor(OPTIONS.defaultCountry),
      listCustomers: async (offset) => {
        const { result, readAt } = await request(() => this.#list(offset));
        return { ...result, readAt };
      },
      customersByRecordId: async (ids) => {
        const { result, readAt } = await request(() => ids.flatMap((id) => this.#read(id) ?? []));
        return { records: result, readAt };
      },
      listTemplates: async () => ({ templates: [], readAt: this.now() }),
      missingColumns: async (columns) =>
        (await request(() => columns.map(fieldOf).filter((field) => this.renamed.has(field)))).result,
      readSchema: async () => ({
        tables: new Map([['tbl1', 'customers']]),
        ownerColumn: 'text',
        schemaIds: { table: 'tbl1', optOut: 'fld1', sms: 'fld2', whatsapp: 'fld3' },
      }),
      writeOptOut: async (ids, value) =>
        (await request(() => new Map(ids.map((id) => [id, this.#tick(id, value)] as const)))).result,
      webhooks: this.#openWebhooks(async (effect) => (await request(effect)).result),
    };
  }

  #openWebhooks(request: <T>(effect: () => T) => Promise<T>): SyncWebhooks {
    return {
      list: () => request(() => this.webhooks.map((webhook) => this.#listed(webhook))),
      create: (notificationUrl) => request(() => this.#createWebhook(notificationUrl)),
      delete: (id) => request(() => this.deleteWebhook(id)),
      enableNotifications: (id) =>
        request(() => {
          this.#webhook(id).areNotificationsEnabled = true;
        }),
      listPayloads: async (id, cursor) => {
        const readAt = this.now();
        return { ...(await request(() => this.#payloads(id, cursor))), readAt };
      },
    };
  }

  deleteWebhook(id: string): void {
    const index = this.webhooks.findIndex((webhook) => webhook.id === id);
    if (index >= 0) this.webhooks.splice(index, 1);
  }

  failWebhooks(): void {
    for (const webhook of this.webhooks) {
      webhook.payloads.push({ at: this.now(), error: 'INTERNAL_ERROR', tables: [] });
      webhook.isHookEnabled = false;
    }
  }

  #createWebhook(notificationUrl: string | null) {
    this.#created += 1;
    const id = `ach${this.#created}`;
    this.webhooks.push({
      id,
      notificationUrl,
      payloads: [],
      isHookEnabled: true,
      areNotificationsEnabled: true,
      expirationTime: this.#nextWeek,
    });
    return { id, macSecretBase64: 'c2VjcmV0' };
  }

  get #nextWeek(): string {
    return new Date(this.now() + WEEK_MS).toISOString();
  }

  #isLive({ isHookEnabled, expirationTime }: MemoryWebhook): boolean {
    return isHookEnabled && Date.parse(expirationTime) > this.now();
  }

  #listed({ payloads, ...webhook }: MemoryWebhook): Webhook {
    return { ...webhook, lastFailure: null, cursorForNextPayload: payloads.length + 1 };
  }

  #webhook(id: string): MemoryWebhook {
    const webhook = this.webhooks.find((each) => each.id === id);
    if (webhook === undefined) throw new WebhookGoneError('There is no such webhook');
    return webhook;
  }

  /** Sometimes an empty page with more to follow. */
  #payloads(id: string, cursor: number) {
    const webhook = this.#webhook(id);
    if (this.#isLive(webhook)) webhook.expirationTime = this.#nextWeek;
    this.#listings += 1;
    const isEmpty = this.#listings % 3 === 0;
    const payloads = isEmpty ? [] : webhook.payloads.slice(cursor - 1, cursor - 1 + PAGE);
    const next = cursor + payloads.length;
    return { payloads, cursor: next, mightHaveMore: isEmpty || next <= webhook.payloads.length };
  }

  #list(offset: string | null) {
    const [list, start] = offset === null ? [[...this.records.keys()], 0] : this.#resume(offset);
    const ids = list.slice(start, start + PAGE);
    const isLast = start + PAGE >= list.length;
    this.#created += 1;
    const iterator = `itr${this.#created}`;
    this.#lists.set(iterator, list);
    return {
      records: ids.flatMap((id) => this.#read(id) ?? []),
      offset: isLast ? null : `${iterator}/${start + PAGE}`,
    };
  }

  #resume(offset: string): [readonly string[], number] {
    const [iterator = '', start] = offset.split('/');
    const list = this.#lists.get(iterator);
    if (list === undefined) throw new ServiceUnavailableError('Airtable lost the list', 1);
    return [list, Number(start)];
  }

  #read(recordId: string): ReadRecord | null {
    const cells = this.records.get(recordId);
    return cells === undefined ? null : this.#mapped(recordId, cells, this.renamed);
  }

  #mapped(recordId: string, cells: Cells, renamed: ReadonlySet<string> = new Set()): ReadRecord {
    const named = Object.entries(cells).map(([field, cell]) => [
      renamed.has(field) ? `${field} 2` : field,
      cell,
    ]);
    const filled = named.filter(([, cell]) => cell !== '');
    const record = { id: recordId, createdTime: '', fields: Object.fromEntries(filled) };
    return { recordId, mapped: mapCustomer(record, OPTIONS) };
  }

  #tick(recordId: string, value: boolean): OptOutWrite {
    if (!this.records.has(recordId)) return { outcome: 'gone' };
    if (this.renamed.has('opt_out')) return { outcome: 'rejected', reason: 'no such column' };
    if (this.locked.has(recordId)) return { outcome: 'rejected', reason: 'locked' };
    this.onTick(recordId, value);
    this.change(recordId, { opt_out: value ? 'true' : '' });
    return this.losesReplies ? { outcome: 'unknown', reason: 'no reply' } : { outcome: 'written' };
  }

  #changed(recordIds: readonly string[]): void {
    this.#publish({ changedRecordIds: recordIds, destroyedRecordIds: [] });
    for (const id of recordIds) this.onChange(id);
  }

  #publish(changes: { changedRecordIds: readonly string[]; destroyedRecordIds: readonly string[] }): void {
    const at = this.now();
    for (const webhook of this.webhooks) {
      if (!this.#isLive(webhook)) continue;
      webhook.payloads.push({ at, error: null, tables: [{ tableId: 'tbl1', ...changes }] });
    }
  }
}

function fieldOf(column: RequiredColumn): Field {
  return column === 'optOut' ? 'opt_out' : column;
}

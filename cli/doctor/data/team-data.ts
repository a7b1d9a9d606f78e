import { missingColumns, tableOutOfReach } from '../../../lambdas/airtable/airtable-errors';
import type { AirtableRecord } from '../../../lambdas/airtable/airtable-records';
import { readIdentity, readText } from '../../../lambdas/airtable/cells';
import {
  COLUMN,
  CUSTOMERS,
  NUMBER_COLUMNS,
  TEMPLATE_COLUMN,
  TEMPLATES,
} from '../../../lambdas/airtable/columns';
import { readYesNo } from '../../../lambdas/airtable/yes-no';
import { shorten } from '../../../lambdas/characters/visible-text';
import type { OptOutCell } from '../../../lambdas/customers/customer';
import { type NumberCell, readNumberCell } from '../../../lambdas/phone-number/address';
import { PacedBase, type Pacing } from '../../airtable/rate-limited-base';
import { type BaseSchema, findTable, type TableModel } from '../../airtable/schema';
import { memoize } from '../../plan/memoize';
import type { Settings } from '../../settings/settings';
import { counted } from '../../terminal/counted';

/** A record by its name, or its id if it has none, and the URL of its page. */
interface Entry {
  readonly name: string;
  readonly link: string;
}

/** A number cell that is not blank, and how the service reads it. */
export interface TypedNumber {
  readonly column: string;
  readonly text: string;
  readonly cell: NumberCell;
}

export interface CustomerEntry extends Entry {
  readonly recordId: string;
  readonly numbers: readonly TypedNumber[];
  readonly owner: string | null;
  /** The text of the `opt_out` cell, and how the service reads it. */
  readonly optOut: { readonly text: string; readonly cell: OptOutCell };
}

/** A record, for comparison with a copy of the table. */
export interface RecordStamp {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface TemplateEntry extends Entry {
  readonly category: string | null;
  readonly text: string;
  readonly isApproved: boolean;
  /** The template of Twilio's Content API; null if the cell is blank or the column is missing. */
  readonly contentSid: string | null;
}

/**
 * The rate for reading whole tables: more than half of Airtable's five requests a second stay free for the service,
 * which works while the doctor reads.
 */
const REQUESTS_PER_SECOND = 2;

/** The team's records. Each table is read once, however many checks use it. */
export class TeamData {
  readonly #base: PacedBase;
  readonly baseId: string;
  /** Without rows that were added and left blank. */
  readonly customers = memoize(() => this.#readCustomers());
  /**
   * The records that the service reads: those in its view and with a text. A row without a text is unfinished work, and
   * so is a row outside the view.
   */
  readonly templates = memoize(() => this.#readTemplates());
  readonly #customerRecords = memoize(async () => {
    const fields = [COLUMN.name, COLUMN.owner, ...NUMBER_COLUMNS, COLUMN.optOut];
    requireFields(await this.#table(CUSTOMERS), fields);
    return this.#base.listAll(CUSTOMERS, { fields });
  });

  constructor(
    private readonly settings: Settings,
    private readonly readSchema: () => Promise<BaseSchema>,
    pacing?: Pacing,
  ) {
    const { airtableUrl: url, airtableBaseId: baseId } = settings.configuration;
    const gently = { requestsPerSecond: REQUESTS_PER_SECOND, ...pacing };
    this.#base = new PacedBase({ url, baseId, apiKey: settings.airtableApiKey }, gently);
    this.baseId = baseId;
  }

  /** The columns that a merge field may name. */
  async customerColumns(): Promise<readonly string[]> {
    return (await this.#table(CUSTOMERS)).fields.map(({ name }) => name);
  }

  /** All records of the table, including blank rows. */
  async customerStamps(): Promise<readonly RecordStamp[]> {
    const records = await this.#customerRecords();
    return records.map(({ id, createdTime }) => ({ id, createdAt: Date.parse(createdTime) || 0 }));
  }

  async #readCustomers(): Promise<readonly CustomerEntry[]> {
    const table = await this.#table(CUSTOMERS);
    const { defaultCountry } = this.settings.configuration;
    return (await this.#customerRecords()).flatMap((record) => {
      const { [COLUMN.name]: name, [COLUMN.optOut]: optOut, [COLUMN.owner]: ownerCell } = record.fields;
      const owner = readIdentity(ownerCell);
      const numbers = NUMBER_COLUMNS.flatMap((column): TypedNumber[] => {
        const text = readText(record.fields[column]);
        return text === null ? [] : [{ column, text, cell: readNumberCell(text, column, defaultCountry) }];
      });
      if (readText(name) === null && owner === null && numbers.length === 0) return [];
      return [
        {
          ...this.#entry(record, name, table),
          recordId: record.id,
          owner,
          numbers,
          optOut: { text: readText(optOut) ?? '', cell: readYesNo(optOut) },
        },
      ];
    });
  }

  async #readTemplates(): Promise<readonly TemplateEntry[]> {
    const table = await this.#table(TEMPLATES);
    const { category, text, approved, contentSid } = TEMPLATE_COLUMN;
    requireFields(table, [category, text, approved]);
    const title = table.fields.find(({ id }) => id === table.primaryFieldId)?.name ?? text;
    const hasContentSid = table.fields.some(({ name }) => name === contentSid);
    const fields = [...new Set([title, category, text, approved, ...(hasContentSid ? [contentSid] : [])])];
    const view = this.settings.configuration.templatesView;
    return (await this.#base.listAll(TEMPLATES, { view, fields })).flatMap((record) => {
      const content = readText(record.fields[text]);
      if (content === null) return [];
      const { [title]: name } = record.fields;
      return [
        {
          ...this.#entry(record, readText(name) === null || title === category ? content : name, table),
          category: readText(record.fields[category]),
          text: content,
          isApproved: readYesNo(record.fields[approved]) === 'yes',
          contentSid: readText(record.fields[contentSid]),
        },
      ];
    });
  }

  #entry(record: AirtableRecord, name: unknown, { id }: TableModel): Entry {
    return { name: recordName(record, name), link: recordPage(this.baseId, id, record.id) };
  }

  async #table(name: string): Promise<TableModel> {
    const table = findTable(await this.readSchema(), name);
    if (table === undefined) throw tableOutOfReach(name, undefined);
    return table;
  }
}

function requireFields(table: TableModel, names: readonly string[]): void {
  const missing = names.filter((name) => table.fields.every((field) => field.name !== name));
  if (missing.length > 0) throw missingColumns(table.name, missing);
}

/** The URL of a base's, a table's or a record's page in Airtable. */
export function recordPage(baseId: string, tableId?: string, recordId?: string): string {
  return ['https://airtable.com', baseId, tableId, recordId].flatMap((part) => part ?? []).join('/');
}

const NAME_LENGTH = 60;

/** A record's label: the text on one line, or its id if the text is blank. */
function recordName(record: AirtableRecord, cell: unknown): string {
  const text = readText(cell)?.replace(/\s+/g, ' ');
  return text ? shorten(text, NAME_LENGTH) : `record ${record.id}`;
}

const MINUTE_MS = 60_000;

/** A duration in words: "3 minutes", "5 hours", "2 days". */
export function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / MINUTE_MS));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return counted(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
}

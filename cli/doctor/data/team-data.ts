import { missingColumns, tableOutOfReach } from '../../../lambdas/airtable/airtable-errors';
import type { AirtableRecord } from '../../../lambdas/airtable/airtable-records';
import { readIdentity, readText } from '../../../lambdas/airtable/cells';
import { COLUMN, NUMBER_COLUMNS, TEMPLATE_COLUMN, TEMPLATES } from '../../../lambdas/airtable/columns';
import { readYesNo } from '../../../lambdas/airtable/yes-no';
import type { OptOutCell } from '../../../lambdas/customers/customer';
import { type CountryCode, type NumberCell, readNumberCell } from '../../../lambdas/phone-number/address';
import { EXPECTED } from '../../airtable/expected-schema';
import { PacedBase, type Pacing } from '../../airtable/rate-limited-base';
import { type BaseSchema, findTable, type TableModel } from '../../airtable/schema';
import type { Settings } from '../../settings/settings';
import { recordName, recordPage } from './wording';

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
  readonly #recordsBase: PacedBase;
  readonly baseId: string;
  readonly #country: CountryCode;
  readonly #templatesView: string;
  #customerRecords: Promise<readonly AirtableRecord[]> | null = null;
  #customers: Promise<readonly CustomerEntry[]> | null = null;
  #templates: Promise<readonly TemplateEntry[]> | null = null;

  constructor(
    { configuration, airtableApiKey }: Settings,
    private readonly readSchema: () => Promise<BaseSchema>,
    pacing?: Pacing,
  ) {
    const { airtableUrl: url, airtableBaseId: baseId, defaultCountry, templatesView } = configuration;
    const gently = { requestsPerSecond: REQUESTS_PER_SECOND, ...pacing };
    this.#recordsBase = new PacedBase({ url, baseId, apiKey: airtableApiKey }, gently);
    this.#templatesView = templatesView;
    this.baseId = baseId;
    this.#country = defaultCountry;
  }

  /** The columns that a merge field may name. */
  async customerColumns(): Promise<readonly string[]> {
    return (await this.#table(EXPECTED.customers.name)).fields.map(({ name }) => name);
  }

  /** Without rows that were added and left blank. */
  customers(): Promise<readonly CustomerEntry[]> {
    this.#customers ??= this.#readCustomers();
    return this.#customers;
  }

  /** All records of the table, including blank rows. */
  async customerStamps(): Promise<readonly RecordStamp[]> {
    const records = await this.#readCustomerRecords(await this.#table(EXPECTED.customers.name));
    return records.map(({ id, createdTime }) => ({ id, createdAt: Date.parse(createdTime) || 0 }));
  }

  /**
   * The records that the service reads: those in its view and with a text. A row without a text is unfinished work, and
   * so is a row outside the view.
   */
  templates(): Promise<readonly TemplateEntry[]> {
    this.#templates ??= this.#readTemplates();
    return this.#templates;
  }

  #readCustomerRecords(table: TableModel): Promise<readonly AirtableRecord[]> {
    const fields = [COLUMN.name, COLUMN.owner, ...NUMBER_COLUMNS, COLUMN.optOut];
    requireFields(table, fields);
    this.#customerRecords ??= this.#recordsBase.listAll(table.name, { fields });
    return this.#customerRecords;
  }

  async #readCustomers(): Promise<readonly CustomerEntry[]> {
    const table = await this.#table(EXPECTED.customers.name);
    const records = await this.#readCustomerRecords(table);
    return records.flatMap((record) => {
      const owner = readIdentity(record.fields[COLUMN.owner]);
      const numbers = NUMBER_COLUMNS.flatMap((column): TypedNumber[] => {
        const text = readText(record.fields[column]);
        return text === null ? [] : [{ column, text, cell: readNumberCell(text, column, this.#country) }];
      });
      const name = record.fields[COLUMN.name];
      const optOut = record.fields[COLUMN.optOut];
      const isBlank = readText(name) === null && owner === null && numbers.length === 0;
      if (isBlank) return [];
      const entry = this.#entry(record, name, table);
      return [
        {
          ...entry,
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
    const records = await this.#readView(table.name, this.#templatesView, fields);
    return records.flatMap((record) => {
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

  async #readView(
    table: string,
    view: string,
    fields: readonly string[],
  ): Promise<readonly AirtableRecord[]> {
    const records: AirtableRecord[] = [];
    for await (const page of this.#recordsBase.pages(table, { view, fields })) records.push(...page.records);
    return records;
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

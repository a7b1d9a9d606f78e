import { tableOutOfReach } from '../../../lambdas/airtable/airtable-errors';
import type { AirtableRecord } from '../../../lambdas/airtable/airtable-records';
import { readFlag, readIdentity, readText } from '../../../lambdas/airtable/cells';
import { NUMBER_COLUMNS } from '../../../lambdas/airtable/customer-filter';
import { COLUMN, cell } from '../../../lambdas/airtable/customer-record';
import { missingColumns } from '../../../lambdas/airtable/list-records';
import { Misconfigured } from '../../../lambdas/errors/errors';
import {
  type Channel,
  type CountryCode,
  type NumberCell,
  readNumberCell,
} from '../../../lambdas/phone-number/address';
import { PacedBase, type Pacing } from '../../airtable/paced-base';
import { type BaseSchema, findTable, type TableModel } from '../../airtable/schema';
import { TEMPLATE_COLUMN, TEMPLATES, WANTED } from '../../airtable/wanted-schema';
import type { Settings } from '../../settings/settings';
import { recordName, recordPage } from './findings';

/** A record by its name, or where it has none its id, and the address of its page. */
interface Entry {
  readonly name: string;
  readonly link: string;
}

/** A filled number cell, and what the service reads in it. */
export interface TypedNumber {
  readonly column: Channel;
  readonly text: string;
  readonly cell: NumberCell;
}

export interface CustomerEntry extends Entry {
  readonly numbers: readonly TypedNumber[];
  readonly owner: string | null;
}

export interface TemplateEntry extends Entry {
  readonly category: string | null;
  readonly text: string;
  readonly isApproved: boolean;
}

/** In whole tables: more than half of Airtable's five is left to the service, which works while the doctor reads. */
const REQUESTS_PER_SECOND = 2;

/** The team's records, each table read once, however many checks look at it. */
export class TeamData {
  readonly #schemaBase: PacedBase;
  readonly #recordsBase: PacedBase;
  readonly #baseId: string;
  readonly #country: CountryCode;
  readonly #templatesView: string;
  #schema: Promise<BaseSchema> | null = null;
  #customers: Promise<readonly CustomerEntry[]> | null = null;
  #templates: Promise<readonly TemplateEntry[]> | null = null;

  constructor({ configuration, airtableApiKey, airtableSetupApiKey }: Settings, pacing?: Pacing) {
    const { airtableUrl: url, airtableBaseId: baseId, defaultCountry, templatesView } = configuration;
    this.#schemaBase = new PacedBase({ url, baseId, apiKey: airtableSetupApiKey }, pacing);
    const gently = { requestsPerSecond: REQUESTS_PER_SECOND, ...pacing };
    this.#recordsBase = new PacedBase({ url, baseId, apiKey: airtableApiKey }, gently);
    this.#templatesView = templatesView;
    this.#baseId = baseId;
    this.#country = defaultCountry;
  }

  /** Why nothing can be said of the records: the token may not read the schema, without which they have no page. */
  async obstacle(): Promise<Misconfigured | null> {
    try {
      await this.#readTables();
      return null;
    } catch (error) {
      if (error instanceof Misconfigured) return error;
      throw error;
    }
  }

  /** The names of the columns that a merge field may name. */
  async customerColumns(): Promise<readonly string[]> {
    return (await this.#table(WANTED.customers.name)).fields.map(({ name }) => name);
  }

  /** Without the rows that somebody added and left blank. */
  customers(): Promise<readonly CustomerEntry[]> {
    this.#customers ??= this.#readCustomers();
    return this.#customers;
  }

  /**
   * Those that the service reads: of its view, and with a text. A row without one is somebody's unfinished work, and so
   * is one that the view leaves out.
   */
  templates(): Promise<readonly TemplateEntry[]> {
    this.#templates ??= this.#readTemplates();
    return this.#templates;
  }

  async #readCustomers(): Promise<readonly CustomerEntry[]> {
    const table = await this.#table(WANTED.customers.name);
    const fields = [COLUMN.name, COLUMN.owner, ...NUMBER_COLUMNS];
    requireFields(table, fields);
    const records = await this.#recordsBase.listAll(table.name, { fields });
    return records.flatMap((record) => {
      const owner = readIdentity(cell(record, COLUMN.owner));
      const numbers = NUMBER_COLUMNS.flatMap((column): TypedNumber[] => {
        const text = readText(cell(record, column));
        return text === null ? [] : [{ column, text, cell: readNumberCell(text, column, this.#country) }];
      });
      const name = cell(record, COLUMN.name);
      const isBlank = readText(name) === null && owner === null && numbers.length === 0;
      return isBlank ? [] : [{ ...this.#entry(record, name, table), owner, numbers }];
    });
  }

  async #readTemplates(): Promise<readonly TemplateEntry[]> {
    const table = await this.#table(TEMPLATES);
    const { category, text, approved } = TEMPLATE_COLUMN;
    requireFields(table, [category, text, approved]);
    const title = table.fields.find(({ id }) => id === table.primaryFieldId)?.name ?? text;
    const fields = [...new Set([title, category, text, approved])];
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
          isApproved: readFlag(record.fields[approved]),
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
    let offset: string | undefined;
    do {
      const page = await this.#recordsBase.list(table, {
        view,
        fields,
        ...(offset !== undefined && { offset }),
      });
      records.push(...page.records);
      offset = page.offset;
    } while (offset !== undefined);
    return records;
  }

  #entry(record: AirtableRecord, name: unknown, { id }: TableModel): Entry {
    return { name: recordName(record, name), link: recordPage(this.#baseId, id, record.id) };
  }

  async #table(name: string): Promise<TableModel> {
    const table = findTable(await this.#readTables(), name);
    if (table === undefined) throw tableOutOfReach(name, undefined);
    return table;
  }

  #readTables(): Promise<BaseSchema> {
    this.#schema ??= this.#schemaBase.readSchema();
    return this.#schema;
  }
}

function requireFields(table: TableModel, names: readonly string[]): void {
  const missing = names.filter((name) => table.fields.every((field) => field.name !== name));
  if (missing.length > 0) throw missingColumns(table.name, missing);
}

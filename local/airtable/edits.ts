import {
  type BaseData,
  type CellValue,
  type FieldData,
  findField,
  findRecord,
  findTable,
  type RecordData,
  type TableData,
} from './base-model';
import { type Cells, changeRecord, insertRecord, removeRecord } from './record-store';

type FieldValues = Readonly<Record<string, CellValue>>;

/**
 * What a person does to the base in Airtable's own pages, while the service runs. Cells are given as the API reads
 * them and are not checked; null clears. Every method throws an Error for a name that is not there.
 */
export class Edits {
  readonly #base: BaseData;
  readonly #now: () => Date;

  constructor(base: BaseData, now: () => Date) {
    this.#base = base;
    this.#now = now;
  }

  addRecord(table: string, fields: FieldValues): RecordData {
    const found = this.#table(table);
    return insertRecord(found, cellsOf(found, fields), this.#now());
  }

  changeRecord(table: string, recordId: string, fields: FieldValues): void {
    const found = this.#table(table);
    changeRecord(recordOf(found, recordId), cellsOf(found, fields), this.#now());
  }

  deleteRecord(table: string, recordId: string): void {
    const found = this.#table(table);
    removeRecord(this.#base, found, recordOf(found, recordId));
  }

  renameField(table: string, from: string, to: string): void {
    const found = this.#table(table);
    const field = fieldOf(found, from);
    for (const record of found.records) {
      record.fields = renamed(record.fields, field.name, to);
      if (record.modified) record.modified = renamed(record.modified, field.name, to);
    }
    field.name = to;
  }

  removeField(table: string, name: string): void {
    const found = this.#table(table);
    const field = fieldOf(found, name);
    found.fields = found.fields.filter((each) => each !== field);
    for (const record of found.records) delete record.fields[field.name];
  }

  renameTable(from: string, to: string): void {
    this.#table(from).name = to;
  }

  #table(name: string): TableData {
    return found(findTable(this.#base, name), `table ${name} in the base ${this.#base.id}`);
  }
}

function cellsOf(table: TableData, fields: FieldValues): Cells {
  return new Map(Object.entries(fields).map(([name, cell]) => [fieldOf(table, name), cell] as const));
}

function fieldOf(table: TableData, name: string): FieldData {
  return found(findField(table, name), `field ${name} in the table ${table.name}`);
}

function recordOf(table: TableData, id: string): RecordData {
  return found(findRecord(table, id), `record ${id} in the table ${table.name}`);
}

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new Error(`There is no ${what}: check the name against the base data`);
  return thing;
}

function renamed<T>(values: Readonly<Record<string, T>>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name === from ? to : name, value]),
  );
}

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
import type { ActionChanges, Actions } from './change-log';
import { type Cells, changeRecord, insertRecord, removeRecord } from './records';

type FieldValues = Readonly<Record<string, CellValue>>;

/**
 * A person's edits of the base in Airtable's own pages, while the service runs. Cells are given as the API reads
 * them and are not checked; null clears. Every method throws an Error for an unknown name.
 */
export class Edits {
  /** The action under way; null outside `atOnce`. */
  #changes: ActionChanges | null = null;

  constructor(
    readonly base: BaseData,
    readonly actions: Actions,
  ) {}

  /** Makes all edits of the callback a single action, as pasting into many cells does. */
  atOnce<T>(edit: () => T): T {
    return this.#act(() => edit());
  }

  addRecord(table: string, fields: FieldValues): RecordData {
    const found = this.#table(table);
    return this.#act((changes) => insertRecord(found, cellsOf(found, fields), this.actions.now(), changes));
  }

  changeRecord(table: string, recordId: string, fields: FieldValues): void {
    const found = this.#table(table);
    const record = recordOf(found, recordId);
    this.#act((changes) => changeRecord(found, record, cellsOf(found, fields), changes));
  }

  deleteRecord(table: string, recordId: string): void {
    const found = this.#table(table);
    const record = recordOf(found, recordId);
    this.#act((changes) => removeRecord(found, record, changes));
  }

  /** Restores a deleted record with its id and cells; links to it are not restored. */
  undoDelete(recordId: string): RecordData {
    const { tableId, record } = found(this.actions.trash.get(recordId), `deleted record ${recordId}`);
    const table = this.#table(tableId);
    return this.#act((changes) => {
      this.actions.trash.delete(recordId);
      table.records.push(record);
      changes.recordCreated(table, record);
      return record;
    });
  }

  renameField(table: string, from: string, to: string): void {
    const found = this.#table(table);
    const field = fieldOf(found, from);
    for (const record of found.records) record.fields = renamed(record.fields, field.name, to);
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

  removeTable(name: string): void {
    const table = this.#table(name);
    this.base.tables = this.base.tables.filter((each) => each !== table);
    this.#act((changes) => changes.tableDestroyed(table));
  }

  /** Runs an edit: within `atOnce` as part of its action, otherwise as an action of its own. */
  #act<T>(edit: (changes: ActionChanges) => T): T {
    if (this.#changes) return edit(this.#changes);
    return this.actions.perform((changes) => {
      this.#changes = changes;
      try {
        return edit(changes);
      } finally {
        this.#changes = null;
      }
    });
  }

  #table(name: string): TableData {
    return found(findTable(this.base, name), `table ${name} in the base ${this.base.id}`);
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
  if (thing === undefined) throw new Error(`Unknown ${what}: check the name against the base data`);
  return thing;
}

function renamed<T>(values: Readonly<Record<string, T>>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name === from ? to : name, value]),
  );
}

import type { CellValue, FieldData, RecordData, TableData } from './base-model';

/** The changes that one action made to a table. */
export interface TableChanges {
  readonly table: TableData;
  readonly created: Map<string, RecordData>;
  /** By record id: the record, and its changed fields with the cell from before the action. */
  readonly changed: Map<string, ChangedRecord>;
  /** By record id: the record as it was when it was deleted. */
  readonly destroyed: Map<string, RecordData>;
  readonly createdFields: Map<string, FieldData>;
  /** By field id: the field, and its name from before the action. */
  readonly renamedFields: Map<string, { readonly field: FieldData; readonly previousName: string }>;
  readonly destroyedFieldIds: Set<string>;
  /** The table's name from before the action; null where it was not renamed. */
  previousName: string | null;
}

export interface ChangedRecord {
  readonly record: RecordData;
  readonly before: Map<FieldData, CellValue>;
}

/**
 * Collects what one action, such as an API request, changes in the base. Changes of one object are folded: a record
 * that the action creates and deletes is left out.
 */
export class ActionChanges {
  readonly tables = new Map<string, TableChanges>();
  readonly createdTables = new Map<string, TableData>();
  readonly destroyedTableIds = new Set<string>();

  get isEmpty(): boolean {
    const tables = [...this.tables.values()];
    return tables.every(isUnchanged) && this.createdTables.size === 0 && this.destroyedTableIds.size === 0;
  }

  recordCreated(table: TableData, record: RecordData): void {
    this.#of(table).created.set(record.id, record);
  }

  cellChanged(table: TableData, record: RecordData, field: FieldData, before: CellValue): void {
    const { created, changed } = this.#of(table);
    if (created.has(record.id)) return;
    const known = changed.get(record.id) ?? { record, before: new Map() };
    if (!known.before.has(field)) known.before.set(field, before);
    changed.set(record.id, known);
  }

  recordDestroyed(table: TableData, record: RecordData): void {
    const { created, changed, destroyed } = this.#of(table);
    changed.delete(record.id);
    if (!created.delete(record.id)) destroyed.set(record.id, record);
  }

  fieldCreated(table: TableData, field: FieldData): void {
    this.#of(table).createdFields.set(field.id, field);
  }

  fieldRenamed(table: TableData, field: FieldData, previousName: string): void {
    const { renamedFields } = this.#of(table);
    if (!renamedFields.has(field.id)) renamedFields.set(field.id, { field, previousName });
  }

  fieldDestroyed(table: TableData, { id }: FieldData): void {
    const { createdFields, renamedFields, destroyedFieldIds } = this.#of(table);
    renamedFields.delete(id);
    if (!createdFields.delete(id)) destroyedFieldIds.add(id);
  }

  tableRenamed(table: TableData, previousName: string): void {
    this.#of(table).previousName ??= previousName;
  }

  tableCreated(table: TableData): void {
    this.createdTables.set(table.id, table);
  }

  tableDestroyed({ id }: TableData): void {
    this.tables.delete(id);
    if (!this.createdTables.delete(id)) this.destroyedTableIds.add(id);
  }

  #of(table: TableData): TableChanges {
    const changes = this.tables.get(table.id) ?? {
      table,
      created: new Map(),
      changed: new Map(),
      destroyed: new Map(),
      createdFields: new Map(),
      renamedFields: new Map(),
      destroyedFieldIds: new Set(),
      previousName: null,
    };
    this.tables.set(table.id, changes);
    return changes;
  }
}

function isUnchanged(changes: TableChanges): boolean {
  const { created, changed, destroyed, createdFields, renamedFields, destroyedFieldIds } = changes;
  const parts = [created, changed, destroyed, createdFields, renamedFields, destroyedFieldIds];
  return changes.previousName === null && parts.every(({ size }) => size === 0);
}

import type { RecordData, TableData } from './base-model';

/** The records that one action created, changed and deleted in a table, by id. */
export interface TableChanges {
  readonly created: Map<string, RecordData>;
  readonly changed: Set<string>;
  readonly destroyed: Map<string, RecordData>;
}

/**
 * Collects what one action, such as an API request, changes in the base. A record that the action creates and deletes
 * is left out.
 */
export class ActionChanges {
  /** By table id. */
  readonly tables = new Map<string, TableChanges>();
  readonly destroyedTableIds = new Set<string>();

  get isEmpty(): boolean {
    const isUnchanged = ({ created, changed, destroyed }: TableChanges) =>
      created.size + changed.size + destroyed.size === 0;
    return this.destroyedTableIds.size === 0 && [...this.tables.values()].every(isUnchanged);
  }

  recordCreated(table: TableData, record: RecordData): void {
    this.#of(table).created.set(record.id, record);
  }

  recordChanged(table: TableData, { id }: RecordData): void {
    const { created, changed } = this.#of(table);
    if (!created.has(id)) changed.add(id);
  }

  recordDestroyed(table: TableData, record: RecordData): void {
    const { created, changed, destroyed } = this.#of(table);
    changed.delete(record.id);
    if (!created.delete(record.id)) destroyed.set(record.id, record);
  }

  tableDestroyed({ id }: TableData): void {
    this.tables.delete(id);
    this.destroyedTableIds.add(id);
  }

  #of({ id }: TableData): TableChanges {
    const changes = this.tables.get(id) ?? { created: new Map(), changed: new Set(), destroyed: new Map() };
    this.tables.set(id, changes);
    return changes;
  }
}

/** A completed action. */
export interface Action {
  readonly changes: ActionChanges;
  readonly at: Date;
  readonly baseTransactionNumber: number;
}

/** Runs every change of the base as an action, numbered in order. */
export class Actions {
  /** Deleted records by id, with their table's id, so that a deletion can be undone. */
  readonly trash = new Map<string, { readonly tableId: string; readonly record: RecordData }>();
  #transactions = 0;

  /** @param publish called after each action that changed the base */
  constructor(
    readonly now: () => Date,
    readonly publish: (action: Action) => void,
  ) {}

  perform<T>(change: (changes: ActionChanges) => T): T {
    const changes = new ActionChanges();
    try {
      return change(changes);
    } finally {
      // An action that fails half way keeps the changes made so far.
      if (!changes.isEmpty) this.#complete(changes);
    }
  }

  #complete(changes: ActionChanges): void {
    this.#transactions++;
    for (const [tableId, { destroyed }] of changes.tables) {
      for (const [id, record] of destroyed) this.trash.set(id, { tableId, record });
    }
    this.publish({ changes, at: this.now(), baseTransactionNumber: this.#transactions });
  }
}

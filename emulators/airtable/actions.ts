import { ActionChanges } from './action-changes';
import type { RecordData } from './base-model';

/** The author of an action and its source: `client` is a person in Airtable's own pages. */
export interface Author {
  readonly source: 'client' | 'publicApi';
  readonly user: ActionUser;
}

export interface ActionUser {
  readonly id: string;
  readonly email: string;
  readonly permissionLevel: string;
  readonly name?: string;
}

/** A completed action. */
export interface Action {
  readonly author: Author;
  readonly changes: ActionChanges;
  readonly at: Date;
  readonly baseTransactionNumber: number;
}

/** A deleted record, kept so that the deletion can be undone. */
export interface TrashedRecord {
  readonly tableId: string;
  readonly record: RecordData;
}

/** Runs every change of the base as an action, numbered in order. */
export class Actions {
  /** Deleted records by id. */
  readonly trash = new Map<string, TrashedRecord>();
  readonly #now: () => Date;
  readonly #publish: (action: Action) => void;
  #transactions = 0;

  /** @param publish called after each action that changed the base */
  constructor(now: () => Date, publish: (action: Action) => void) {
    this.#now = now;
    this.#publish = publish;
  }

  perform<T>(author: Author, change: (changes: ActionChanges) => T): T {
    const changes = new ActionChanges();
    try {
      return change(changes);
    } finally {
      // An action that fails half way keeps the changes made so far.
      if (!changes.isEmpty) this.#complete(author, changes);
    }
  }

  #complete(author: Author, changes: ActionChanges): void {
    this.#transactions++;
    for (const [tableId, { destroyed }] of changes.tables) {
      for (const [id, record] of destroyed) this.trash.set(id, { tableId, record });
    }
    this.#publish({ author, changes, at: this.#now(), baseTransactionNumber: this.#transactions });
  }
}

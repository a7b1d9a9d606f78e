import { type Item, ItemRejectedError } from './dynamo-access';
import { BATCH_WRITE } from './dynamo-batches';
import type { DynamoTable } from './dynamo-table';

interface Waiting {
  readonly item: Item;
  readonly done: PromiseWithResolver[];
}

interface PromiseWithResolver {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts items without conditions and combines concurrent puts into batches: a pass writes a hundred customers at once,
 * each with a handful of small items.
 */
export class BatchWriter {
  readonly #waiting = new Map<string, Waiting>();
  #scheduled = false;

  constructor(private readonly table: DynamoTable) {}

  /** Resolves when the item is written. @throws {ItemRejectedError} */
  put(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      // A batch may hold an item only once; the later of two with one key counts.
      const key = JSON.stringify([item['pk'], item['sk']]);
      const done = [...(this.#waiting.get(key)?.done ?? []), { resolve, reject }];
      this.#waiting.set(key, { item, done });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#scheduled = false;
    for (let start = 0; start < all.length; start += BATCH_WRITE) {
      void this.#write(all.slice(start, start + BATCH_WRITE));
    }
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.table.writeAll(batch.map(({ item }) => ({ put: item })));
      settle(batch, ({ resolve }) => resolve());
    } catch (error) {
      // One item that DynamoDB rejects fails the whole batch, but only that item may fail.
      if (error instanceof ItemRejectedError && batch.length > 1) {
        await Promise.all(batch.map((each) => this.#write([each])));
        return;
      }
      settle(batch, ({ reject }) => reject(error));
    }
  }
}

function settle(batch: readonly Waiting[], how: (promise: PromiseWithResolver) => void): void {
  for (const { done } of batch) done.forEach(how);
}

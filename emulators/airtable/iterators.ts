import { invalidOffset, iteratorGone } from './airtable-errors';
import { newId } from './ids';

/** One page's record ids of a frozen listing, and the offset of the next page. */
export interface IteratorPage {
  readonly ids: readonly string[];
  readonly offset: string | undefined;
}

interface Iterator {
  /** The listing's parameters; a request with other parameters cannot continue it. */
  readonly key: string;
  readonly ids: readonly string[];
  lastUsed: number;
}

const OFFSET = /^(itr[A-Za-z0-9]{14})\/(rec[A-Za-z0-9]{14})$/;

/** How long an iterator lives after its last use. */
const IDLE_MS = 300_000;

/** Listings whose set and order are frozen at the first page (airtable.md#listing-records). */
export class Iterators {
  readonly #iterators = new Map<string, Iterator>();

  constructor(readonly now: () => Date) {}

  /** Freezes a listing and returns its first page. */
  begin(key: string, ids: readonly string[], pageSize: number): IteratorPage {
    if (ids.length <= pageSize || pageSize === 0) return { ids: ids.slice(0, pageSize), offset: undefined };
    this.#dropIdle();
    const name = newId('itr');
    this.#iterators.set(name, { key, ids, lastUsed: this.now().getTime() });
    return page(name, ids, 0, pageSize);
  }

  /** @throws AirtableError 422 for an offset that is malformed, or whose listing expired */
  resume(key: string, offset: string, pageSize: number): IteratorPage {
    const [, name = '', lastRecord = ''] = OFFSET.exec(offset) ?? [];
    if (name === '') throw invalidOffset(offset);
    this.#dropIdle();
    const iterator = this.#iterators.get(name);
    const last = iterator?.ids.indexOf(lastRecord) ?? -1;
    if (!iterator || iterator.key !== key || last < 0) throw iteratorGone();
    iterator.lastUsed = this.now().getTime();
    return page(name, iterator.ids, last + 1, pageSize);
  }

  expireAll(): void {
    this.#iterators.clear();
  }

  #dropIdle(): void {
    const oldest = this.now().getTime() - IDLE_MS;
    for (const [name, { lastUsed }] of this.#iterators) if (lastUsed < oldest) this.#iterators.delete(name);
  }
}

function page(name: string, all: readonly string[], start: number, pageSize: number): IteratorPage {
  const ids = all.slice(start, start + pageSize);
  const last = ids.at(-1);
  const isLastPage = start + pageSize >= all.length || last === undefined;
  return { ids, offset: isLastPage ? undefined : `${name}/${last}` };
}

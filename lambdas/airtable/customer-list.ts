import type { CustomerSummary } from '../customers/customer';
import type { CustomerPage, PageRequest } from '../customers/customer-repository';
import { BadRequest } from '../errors/errors';
import type { CountryCode } from '../phone-number/phone-number';
import { type AirtableBase, LARGEST_PAGE } from './airtable-base';
import type { BaseKnowledge } from './base-knowledge';
import { readIdentity } from './cells';
import { matching, ownedBy } from './customer-filter';
import { COLUMN, CUSTOMERS, cell, readSummary } from './customer-record';
import { and } from './formula';
import { ListMemory } from './list-memory';
import { ListExpired, listRecords } from './list-records';
import { OwnerTexts } from './owner-texts';
import { openToken, type Position, sealPosition } from './page-token';

/** All that a list shows, and the owner, who proves whose customer it is. */
const LIST_COLUMNS = [COLUMN.name, COLUMN.id, COLUMN.avatar, COLUMN.owner];
const REQUIRED = [COLUMN.name, COLUMN.owner];

/** Rows of a list, and where it goes on. */
interface Stretch {
  readonly customers: readonly CustomerSummary[];
  readonly next: Position | null;
}

const memories = new WeakMap<BaseKnowledge, ListMemory<Stretch>>();

/**
 * A worker's customers, a page at a time: one Airtable request a page, whatever the size of the base, for Airtable
 * filters, sorts and remembers where the list was.
 */
export class CustomerList {
  readonly #memory: ListMemory<Stretch>;
  readonly #owners: OwnerTexts;

  constructor(
    private readonly base: AirtableBase,
    private readonly knowledge: BaseKnowledge,
    private readonly options: { readonly sealingSecret: string; readonly defaultCountry: CountryCode },
  ) {
    this.#memory = memories.get(knowledge) ?? new ListMemory();
    memories.set(knowledge, this.#memory);
    this.#owners = new OwnerTexts(base, knowledge);
  }

  async page(request: PageRequest): Promise<CustomerPage> {
    const stretch = await this.#stretch(request);
    const customers = stretch.customers.slice(0, request.size);
    const ahead = stretch.customers.slice(request.size);
    this.#remember(request, customers, { customers: ahead, next: stretch.next });
    const next = ahead.length === 0 ? stretch.next : null;
    return {
      customers,
      nextPageToken: next && sealPosition(next, request, this.options.sealingSecret),
    };
  }

  async #stretch(request: PageRequest): Promise<Stretch> {
    const { start, size } = request;
    if (start === 'top') return this.#fill(await this.#top(request, size), request, 1);
    if ('afterCustomer' in start) return this.#after(start.afterCustomer, request);
    const position = openToken(start.token, request, this.options.sealingSecret);
    if (position === null) {
      throw new BadRequest(
        'parameter',
        'NextPageToken is none that this list gave: leave it out to begin again',
        {
          forWorker: 'This list has changed. Pull down to load it again.',
        },
      );
    }
    const stretch = await this.#from(position, request, size).catch((error: unknown) => {
      if (error instanceof ListExpired) return this.#top(request, size);
      throw error;
    });
    return this.#fill(stretch, request, 1);
  }

  async #top(request: PageRequest, size: number): Promise<Stretch> {
    const owners = await this.#owners.textsOf(request.owner);
    const stretch = await this.#topOf(owners, request, size);
    if (stretch.customers.length > 0 || this.#owners.areKnown) return stretch;
    await this.#owners.learn();
    const learned = await this.#owners.textsOf(request.owner);
    return learned.join() === owners.join() ? stretch : this.#topOf(learned, request, size);
  }

  async #topOf(owners: readonly string[], request: PageRequest, size: number): Promise<Stretch> {
    if (owners.length === 0) return { customers: [], next: null };
    return this.#from({ offset: '', owners, lacking: [] }, request, size);
  }

  async #from(position: Position, { owner, query }: PageRequest, size: number): Promise<Stretch> {
    const { records, offset } = await listRecords(this.base, this.knowledge, CUSTOMERS, REQUIRED, (known) => {
      const has = (column: string) => known(column) && !position.lacking.includes(column);
      const owned = ownedBy(position.owners);
      return {
        fields: LIST_COLUMNS.filter(has),
        filterByFormula:
          query === null ? owned : and(owned, matching(query, has, this.options.defaultCountry)),
        sort: [{ field: COLUMN.name, direction: 'asc' }],
        pageSize: size,
        ...(position.offset && { offset: position.offset }),
      };
    });
    const lacking = Object.values(COLUMN).filter((column) => !this.knowledge.has(CUSTOMERS, column));
    return {
      // Two collaborators may share a display name, and only that can be filtered by.
      customers: records
        .filter((record) => readIdentity(cell(record, COLUMN.owner)) === owner)
        .map((record) => readSummary(record)),
      next: offset === undefined ? null : { offset, owners: position.owners, lacking },
    };
  }

  /** Older apps name the last customer that they have. Where this container did not give that page, it walks there. */
  async #after(anchor: string, request: PageRequest): Promise<Stretch> {
    const known = this.#memory.recall([request.owner, request.query, anchor]);
    try {
      return await this.#fill(known ?? (await this.#walkTo(anchor, request)), request, request.size);
    } catch (error) {
      if (!(error instanceof ListExpired)) throw error;
      return this.#fill(await this.#walkTo(anchor, request), request, request.size);
    }
  }

  /**
   * Goes on until there are enough customers: where a colleague shares the display name, a page may hold none of the
   * worker's own, and an app takes an empty page for the end (by Anchor, a short one too).
   */
  async #fill(stretch: Stretch, request: PageRequest, enough: number): Promise<Stretch> {
    if (stretch.customers.length >= enough || stretch.next === null) return stretch;
    const more = await this.#from(stretch.next, request, request.size);
    const customers = [...stretch.customers, ...more.customers];
    return this.#fill({ customers, next: more.next }, request, enough);
  }

  /** What follows the anchor; nothing where the worker has no such customer, so that paging ends. */
  async #walkTo(anchor: string, request: PageRequest): Promise<Stretch> {
    let stretch = await this.#top(request, LARGEST_PAGE);
    for (;;) {
      const index = stretch.customers.findIndex(({ id }) => id === anchor);
      if (index >= 0) return { customers: stretch.customers.slice(index + 1), next: stretch.next };
      if (stretch.next === null) return { customers: [], next: null };
      stretch = await this.#from(stretch.next, request, LARGEST_PAGE);
    }
  }

  #remember({ owner, query }: PageRequest, customers: readonly CustomerSummary[], ahead: Stretch): void {
    const last = customers.at(-1);
    if (last !== undefined) this.#memory.keep([owner, query, last.id], ahead);
  }
}

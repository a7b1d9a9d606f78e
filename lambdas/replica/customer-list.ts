import * as v from 'valibot';
import type { CustomerSummary } from '../customers/customer';
import type { CustomerPage, PageRequest } from '../customers/customer-repository';
import { foldName } from '../customers/fold-name';
import { BadRequestError } from '../errors';
import type { CountryCode } from '../phone-number/address';
import { digitForms } from '../phone-number/search-digits';
import { NumberOrNull, TextOrBlank, TextOrNull } from './attributes';
import { avatarAt, CustomerAttributes } from './customer-item';
import type { CustomerReader } from './customer-reader';
import type { Item } from './dynamo-access';
import type { DynamoTable, Expression } from './dynamo-table';
import { type ReplicaKeys, recordIdIn } from './keys';
import { openToken, sealPosition } from './page-token';
import { BY_OWNER } from './tables';

/** Customers that one request to DynamoDB searches: less than its megabyte per read. */
const SEARCHED_AT_ONCE = 2_000;

const Summary = v.object({
  id: TextOrNull,
  name: TextOrNull,
  avatar: TextOrNull,
  avatar_until: NumberOrNull,
});
const IndexItem = v.object({
  sort_key: TextOrBlank,
  summary: v.fallback(
    v.pipe(
      v.object({ M: Summary }),
      v.transform(({ M }) => M),
    ),
    { id: null, name: null, avatar: null, avatar_until: null },
  ),
});

interface ListOptions {
  readonly sealingSecret: string;
  readonly defaultCountry: CountryCode;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A worker's customers by name, one page at a time, from the index by owner. */
export class CustomerList {
  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
    private readonly reader: CustomerReader,
    private readonly options: ListOptions,
  ) {}

  async page(request: PageRequest): Promise<CustomerPage> {
    const { size } = request;
    const position = await this.#position(request);
    if (position === null) return { customers: [], nextPageToken: null };
    const found: Item[] = [];
    const filter = this.#filter(request.query);
    const pages = this.table.query({
      index: BY_OWNER.name,
      key: this.#after(position, request.owner),
      // One more than the page shows whether another page follows.
      limit: filter === null ? size + 1 : SEARCHED_AT_ONCE,
      ...(filter && { filter }),
    });
    for await (const items of pages) {
      found.push(...items);
      if (found.length > size) break;
    }
    const shown = found.slice(0, size).map((item) => v.parse(IndexItem, item));
    const last = shown.at(-1);
    const hasMore = found.length > size && last !== undefined;
    return {
      customers: shown.map((item) => this.#summary(item)),
      nextPageToken: hasMore ? sealPosition(last.sort_key, request, this.options.sealingSecret) : null,
    };
  }

  /** The sort key after which the page begins; null where the worker has no such customer. */
  async #position(request: PageRequest): Promise<string | null> {
    const { start } = request;
    if (start === 'top') return '';
    if ('afterCustomer' in start) return this.#positionOf(start.afterCustomer, request.owner);
    const position = openToken(start.token, request, this.options.sealingSecret);
    if (position !== null) return position;
    throw new BadRequestError(
      'parameter',
      'NextPageToken is not valid for this list; omit it to start over',
      {
        userMessage: 'This list has changed. Pull down to load it again.',
      },
    );
  }

  /**
   * Older apps send the last customer that they show. A recently deleted customer has left a tombstone with its place.
   * Of two with the same id the later place counts, so that paging always ends.
   */
  async #positionOf(customerId: string, owner: string): Promise<string | null> {
    const byColumn = await this.reader.recordIds([{ kind: 'id', text: customerId }]);
    const ownerKey = this.keys.ownedBy(owner);
    const places = (await this.reader.items([customerId, ...byColumn]))
      .map((item) => v.parse(CustomerAttributes, item))
      .filter(({ owner_key, last_owner_key }) => (owner_key ?? last_owner_key) === ownerKey)
      .filter(({ record_id, id, deleted }) => deleted || customerId === (id ?? record_id))
      .map(({ sort_key }) => Buffer.from(sort_key));
    return places.sort(Buffer.compare).at(-1)?.toString() ?? null;
  }

  #after(position: string, owner: string): Expression {
    const owned = {
      text: '#owner = :owner',
      names: { '#owner': BY_OWNER.partitionKey },
      values: { ':owner': { S: this.keys.ownedBy(owner) } },
    } as const;
    if (position === '') return owned;
    return {
      text: `${owned.text} AND #place > :position`,
      names: { ...owned.names, '#place': BY_OWNER.sortKey },
      values: { ...owned.values, ':position': { S: position } },
    };
  }

  /** Customers with the query in their name, or its digits in a number. Null for a query without searchable text. */
  #filter(query: string | null): Expression | null {
    const name = foldName(query ?? '');
    if (query === null || name === '') return null;
    const digits = digitForms(query, this.options.defaultCountry);
    const inNumbers = digits.map((_, index) => `contains(#digits, :digits${index})` as const);
    return {
      text: ['contains(#name, :name)', ...inNumbers].join(' OR '),
      names: { '#name': 'search_name', ...(digits.length > 0 && { '#digits': 'search_digits' }) },
      values: {
        ':name': { S: name },
        ...Object.fromEntries(digits.map((form, index) => [`:digits${index}`, { S: form }])),
      },
    };
  }

  #summary({ sort_key, summary }: v.InferOutput<typeof IndexItem>): CustomerSummary {
    const { id, name, avatar, avatar_until } = summary;
    return {
      id: id ?? recordIdIn(sort_key),
      name,
      avatar: avatarAt(this.options.now(), avatar, avatar_until),
    };
  }
}

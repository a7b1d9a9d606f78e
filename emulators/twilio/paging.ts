import { type HttpResponse, json } from '../core/http-response';
import { pageToken, positionOf } from '../core/paging';
import { checkNames, formOf } from './form';
import { twilioError } from './twilio-errors';

const DEFAULT_PAGE_SIZE = 50;

interface Listing<Item> {
  /** The property that holds the items, such as `participants`. */
  readonly key: string;
  /** The address of the list, without a query. */
  readonly url: string;
  readonly query: URLSearchParams;
  /** The names of the filters that the list applies. @default none */
  readonly filters?: readonly string[];
  readonly maxPageSize?: number;
  readonly represent: (item: Item) => object;
}

/**
 * One page of a list (twilio.md#rest-requests), requested by its token, which callers take from `next_page_url`.
 * @throws {TwilioError} 20001 for an invalid page size or token, 501 for a filter that the list does not apply.
 */
export function page<Item>(
  items: readonly Item[],
  { key, url, query, filters = [], maxPageSize = 100, represent }: Listing<Item>,
): HttpResponse {
  const { size, number, urlOf } = readPage(url, query, filters, maxPageSize);
  return json({
    [key]: items.slice(number * size, (number + 1) * size).map(represent),
    meta: {
      page: number,
      page_size: size,
      first_page_url: urlOf(0),
      previous_page_url: number > 0 ? urlOf(number - 1) : null,
      url: urlOf(number),
      next_page_url: (number + 1) * size < items.length ? urlOf(number + 1) : null,
      key,
    },
  });
}

/**
 * One page of a list in the oldest API, which identifies pages by their paths.
 * @throws {TwilioError} 20001 for an invalid page size or token, 501 for a filter that the list does not apply.
 */
export function resourcePage<Item>(
  items: readonly Item[],
  {
    key,
    path,
    query,
    filters = [],
    represent,
  }: Omit<Listing<Item>, 'url' | 'maxPageSize'> & { readonly path: string },
): HttpResponse {
  const { size, number, urlOf } = readPage(path, query, filters, 1_000);
  const shown = items.slice(number * size, (number + 1) * size).map(represent);
  return json({
    [key]: shown,
    page: number,
    page_size: size,
    start: number * size,
    end: number * size + Math.max(shown.length - 1, 0),
    uri: urlOf(number),
    first_page_uri: urlOf(0),
    previous_page_uri: number > 0 ? urlOf(number - 1) : null,
    next_page_uri: (number + 1) * size < items.length ? urlOf(number + 1) : null,
  });
}

function readPage(url: string, query: URLSearchParams, known: readonly string[], maxPageSize: number) {
  const { Page, PageToken, PageSize, ...filters } = formOf(query);
  checkNames(Object.keys(filters), known);
  const size = PageSize === undefined ? Math.min(DEFAULT_PAGE_SIZE, maxPageSize) : Number(PageSize);
  if (!Number.isInteger(size) || size < 1 || size > maxPageSize) {
    throw twilioError('invalidParameter', `PageSize must be a whole number from 1 to ${maxPageSize}`);
  }
  const number = PageToken === undefined ? Number(Page ?? 0) : (positionOf(PageToken) ?? Number.NaN);
  if (!Number.isInteger(number) || number < 0) {
    throw twilioError('invalidParameter', 'Page or PageToken is not one that a list returned');
  }
  const urlOf = (other: number) => {
    const parameters = { ...filters, PageSize: String(size), Page: String(other) };
    return `${url}?${new URLSearchParams(other === 0 ? parameters : { ...parameters, PageToken: pageToken(other) })}`;
  };
  return { size, number, urlOf };
}

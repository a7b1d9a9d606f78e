import * as v from 'valibot';
import { parseUrl } from '../characters/parse-url';

/** What a list says about its next page. */
export const PageMeta = v.fallback(v.object({ next_page_url: v.fallback(v.nullable(v.string()), null) }), {
  next_page_url: null,
});

/**
 * The pages of a list, one request each.
 * @param read reads the page with a query
 * @param first the query of the first page
 */
export async function* pagesOf<T extends { readonly meta: v.InferOutput<typeof PageMeta> }>(
  read: (query: string) => Promise<T>,
  first: string,
  mostPages: number,
): AsyncGenerator<T> {
  let query: string | null = first;
  for (let page = 0; query !== null && page < mostPages; page += 1) {
    const found: T = await read(query);
    yield found;
    query = nextPageQuery(found.meta.next_page_url);
  }
}

/**
 * The pages of a list, each read by the `next` of the page before: for a caller who decides how each is read.
 * @param read reads a page; null: the first
 */
export async function* followPages<T extends { readonly next: string | null }>(
  read: (page: string | null) => Promise<T>,
): AsyncGenerator<T> {
  let page: string | null = null;
  do {
    const found: T = await read(page);
    yield found;
    page = found.next;
  } while (page !== null);
}

/** The query of the next page's address. Its host is not used, so that credentials go to the API only. */
export function nextPageQuery(url: string | null): string | null {
  return parseUrl(url ?? '')?.search.slice(1) || null;
}

import * as v from 'valibot';

/** What a list says about its next page. */
export const PageMeta = v.fallback(v.object({ next_page_url: v.fallback(v.nullable(v.string()), null) }), {
  next_page_url: null,
});

/** The query of the next page's address. Its host is not used, so that credentials go to the API only. */
export function nextPageQuery(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).search.slice(1) || null : null;
}

import * as v from 'valibot';

/** Cells by the names of their columns. */
export type Cells = Readonly<Record<string, unknown>>;

/** A record as Airtable sends it; blank cells are absent (airtable.md#listing-records). */
export const AirtableRecord = v.object({
  id: v.string(),
  createdTime: v.fallback(v.string(), ''),
  fields: v.record(v.string(), v.unknown()),
});
export type AirtableRecord = v.InferOutput<typeof AirtableRecord>;

/** Records, and when the request that read them was sent, in milliseconds since the epoch. */
export interface Records {
  readonly records: readonly AirtableRecord[];
  readonly readAt: number;
}

export interface RecordPage extends Records {
  /** Where the next page begins; absent on the last one. */
  readonly offset?: string;
}

/** The response to a list, and to a write of several records. */
export const RecordsAnswer = v.object({
  records: v.array(AirtableRecord),
  offset: v.exactOptional(v.string()),
});

/** Every page of a list, in order. @param fetchPage receives the page's offset */
export async function* pages<Page extends { readonly offset?: string }>(
  fetchPage: (from: { readonly offset?: string }) => Promise<Page>,
): AsyncGenerator<Page, void> {
  let page = await fetchPage({});
  yield page;
  while (page.offset !== undefined) {
    page = await fetchPage({ offset: page.offset });
    yield page;
  }
}

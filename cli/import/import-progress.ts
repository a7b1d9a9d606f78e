/** What an import tells of itself while it goes on. */
export type ImportProgress =
  /** How many customers of the base have been read. */
  | { readonly kind: 'reading'; readonly customers: number }
  /** How many of the rows to be created are done with. */
  | { readonly kind: 'importing'; readonly done: number; readonly total: number }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string };

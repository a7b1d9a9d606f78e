/** Progress of an import. */
export type ImportProgress =
  /** How many customers of the base have been read. */
  | { readonly kind: 'reading'; readonly customers: number }
  /** How many of the rows to create are finished. */
  | { readonly kind: 'importing'; readonly done: number; readonly total: number }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string };

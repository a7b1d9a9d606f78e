/** A part of a list, and the position of the next part; null on the last page. */
export interface Slice<Item> {
  readonly items: readonly Item[];
  readonly next: number | null;
}

export function slice<Item>(all: readonly Item[], start: number, size: number): Slice<Item> {
  const next = start + size;
  return { items: all.slice(start, next), next: next < all.length ? next : null };
}

/** An opaque token for a position in a list. */
export function pageToken(position: number): string {
  return Buffer.from(`position ${position}`).toString('hex');
}

/** Null for a token that `pageToken` did not return. */
export function positionOf(token: string): number | null {
  const [, position] = /^position (\d+)$/.exec(Buffer.from(token, 'hex').toString()) ?? [];
  return position === undefined ? null : Number(position);
}

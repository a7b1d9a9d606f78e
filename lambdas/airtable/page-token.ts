import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

/** Where a list goes on, and how it was asked for: Airtable wants every page asked for alike (contract 2.1). */
const Position = v.object({
  offset: v.string(),
  /** Columns of ours that the base lacks, and that were therefore not asked for. */
  lacking: v.pipe(v.array(v.string()), v.readonly()),
  /** The texts that the `owner` column was compared with. */
  owners: v.pipe(v.array(v.string()), v.readonly()),
});
export type Position = v.InferOutput<typeof Position>;

/** Which list a position belongs to. A token of one worker's list is no token of another's. */
export interface ListKey {
  readonly owner: string;
  readonly query: string | null;
}

/**
 * A page token: the position and a seal over it and over its list, made with the base's own token. The app hands the
 * token back, so what it says must be what we said.
 */
export function sealPosition(position: Position, list: ListKey, secret: string): string {
  const content = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${content}.${seal(content, list, secret)}`;
}

/** The position in a token, or null where we did not seal it for this list. */
export function openToken(token: string, list: ListKey, secret: string): Position | null {
  const [content = '', given = '', ...rest] = token.split('.');
  const expected = Buffer.from(seal(content, list, secret));
  const actual = Buffer.from(given);
  if (rest.length > 0 || actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  return v.parse(Position, JSON.parse(Buffer.from(content, 'base64url').toString()));
}

function seal(content: string, { owner, query }: ListKey, secret: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['page-token', content, owner, query]))
    .digest('base64url');
}

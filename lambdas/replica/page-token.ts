import { createHmac, timingSafeEqual } from 'node:crypto';

/** The list of a position. A token of one worker's list is not valid for another's. */
export interface ListKey {
  readonly owner: string;
  readonly query: string | null;
}

/**
 * A page token: the position in the list (the sort key of the last customer shown), with a seal over the position and
 * the list. The app sends the token back, so its content must be verified.
 */
export function sealPosition(position: string, list: ListKey, secret: string): string {
  const content = Buffer.from(position).toString('base64url');
  return `${content}.${seal(content, list, secret)}`;
}

/** The position in a token; null where its seal is not valid for this list. */
export function openToken(token: string, list: ListKey, secret: string): string | null {
  const [content = '', given = '', ...rest] = token.split('.');
  const expected = Buffer.from(seal(content, list, secret));
  const actual = Buffer.from(given);
  if (rest.length > 0 || actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  return Buffer.from(content, 'base64url').toString();
}

function seal(content: string, { owner, query }: ListKey, secret: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['list-position', content, owner, query]))
    .digest('base64url');
}

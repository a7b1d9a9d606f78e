import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { invalid } from './okta-errors';

const PageQuery = v.object({
  limit: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1))),
  after: v.optional(v.string()),
});

export interface PageSizes {
  /** The limit if the caller gives none. */
  readonly usual: number;
  /** A higher limit is reduced to this. */
  readonly largest: number;
}

/**
 * One page of a list, and the address of the next one in the `Link` header. The cursor is opaque.
 * @throws {OktaError} E0000001 for an invalid limit or cursor.
 */
export function page<Item>(
  items: readonly Item[],
  { usual, largest }: PageSizes,
  request: FastifyRequest,
  reply: FastifyReply,
): readonly Item[] {
  const query = v.safeParse(PageQuery, request.query);
  if (!query.success) throw invalid('limit', ['The limit must be a positive number.']);
  const { limit = usual, after } = query.output;
  const size = Math.min(limit, largest);
  const start = after === undefined ? 0 : positionIn(after);
  const self = new URL(request.url, `http://${request.headers.host}`);
  const links = [`<${self}>; rel="self"`];
  if (start + size < items.length) {
    const next = new URL(self);
    next.searchParams.set('after', cursorAt(start + size));
    next.searchParams.set('limit', String(size));
    links.push(`<${next}>; rel="next"`);
  }
  reply.header('Link', links);
  return items.slice(start, start + size);
}

function cursorAt(position: number): string {
  return Buffer.from(`position ${position}`).toString('base64url');
}

function positionIn(cursor: string): number {
  const [, position] = /^position (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (position === undefined) throw invalid('after', ['The cursor is not valid.']);
  return Number(position);
}

import type { IncomingMessage } from 'node:http';

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * The whole body of a request. The excess of a large body is read and discarded, because a client that is still sending
 * would otherwise see a reset instead of the response.
 * @throws {BodyTooLargeError} when it has more bytes than the limit.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= limit) chunks.push(bytes);
  }
  if (size > limit) throw new BodyTooLargeError(`The body has ${size} bytes, ${limit} are allowed`);
  return Buffer.concat(chunks);
}

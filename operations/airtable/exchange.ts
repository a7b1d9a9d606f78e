import { fetchReply, NoReply, type Reply } from '../../lambdas/http-client/send';
import { withPatience } from '../http-client/with-patience';

export interface AirtableRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly apiKey: string;
  readonly body?: object;
}

/** Nobody holds a phone to their ear here: a batch of ten, or a table to be made, may take Airtable its time. */
const PATIENCE_MS = 30_000;

/**
 * One request and its reply, whatever the status. Not the service's own `send`, which gives an attempt 2.5 s and
 * repeats of itself, out of turn.
 * @throws {NoReply} where none comes: whether Airtable did what it was told is then unknown.
 */
export async function exchange(request: AirtableRequest, signal?: AbortSignal): Promise<Reply> {
  const { method, url, apiKey, body } = request;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const outside = { method, url, headers, ...(body && { body: JSON.stringify(body) }) };
  try {
    return await withPatience(PATIENCE_MS, signal, (givenUp) => fetchReply(outside, givenUp));
  } catch (cause) {
    throw new NoReply(`Airtable did not answer ${placeOf(request)}`, { cause });
  }
}

/** The request as messages name it. */
export function placeOf({ method, url }: AirtableRequest): string {
  return `${method} ${decodeURI(new URL(url).pathname)}`;
}

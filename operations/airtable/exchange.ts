import * as v from 'valibot';
import { NoReply, type Reply } from '../../lambdas/http-client/send';

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
  const givingUp = new AbortController();
  const abandoned = new Promise<never>((_, reject) => {
    givingUp.signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
  });
  const giveUp = () => givingUp.abort();
  const patience = setTimeout(giveUp, PATIENCE_MS);
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted) giveUp();
  try {
    // Raced besides: once headers have come, fetch may lose its hold on the signal, and a stalled body would never end.
    return await Promise.race([fetchReply(request, givingUp.signal), abandoned]);
  } catch (cause) {
    throw new NoReply(`Airtable did not answer ${placeOf(request)}`, { cause });
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The request as messages name it. */
export function placeOf({ method, url }: AirtableRequest): string {
  return `${method} ${decodeURI(new URL(url).pathname)}`;
}

async function fetchReply(request: AirtableRequest, signal: AbortSignal): Promise<Reply> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: { authorization: `Bearer ${request.apiKey}`, 'content-type': 'application/json' },
    ...(request.body && { body: JSON.stringify(request.body) }),
    redirect: 'error',
    signal,
  });
  const text = await response.text();
  const parsed = v.safeParse(JsonText, text);
  return {
    status: response.status,
    retryAfterSeconds: readSeconds(response.headers.get('retry-after')),
    body: parsed.success ? parsed.output : undefined,
  };
}

const JsonText = v.pipe(v.string(), v.parseJson());

function readSeconds(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) : null;
}

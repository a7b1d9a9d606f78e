import * as v from 'valibot';
import { Unavailable } from '../errors/errors';
import { type Errand, hasTransientStatus, NoReply, type OutsideRequest, send } from '../http-client/send';
import { errorOf, isQuotaUsedUp } from './airtable-errors';
import { AirtableRecord, RecordPage } from './airtable-records';
import type { Formula } from './formula';

export interface ListParameters {
  readonly fields?: readonly string[];
  readonly filterByFormula?: Formula;
  readonly sort?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly view?: string;
  readonly pageSize?: number;
  readonly offset?: string;
}

export type Cells = Readonly<Record<string, unknown>>;

/** More records than this are not listed at a time (Airtable contract 2.1). */
export const LARGEST_PAGE = 100;
/** More records than this are refused in one write (Airtable contract 3.1). */
const BATCH = 10;

/**
 * Airtable's Web API, as far as the service needs it. Not the official client: that one cannot resume a list from a
 * page token, retries 429 without end, hangs on a stalled body (Airtable contract 9), and takes half as long to load
 * as all else that a function loads (`npm run bench`).
 */
export class AirtableBase {
  constructor(
    private readonly access: { readonly url: string; readonly baseId: string; readonly apiKey: string },
    private readonly errand: Errand,
  ) {}

  /** One page. Always by POST: a formula may be longer than a URL, and names stay out of access logs. */
  list(table: string, parameters: ListParameters): Promise<RecordPage> {
    return this.#call(RecordPage, { method: 'POST', table, path: '/listRecords', body: parameters });
  }

  /** Not repeated where the answer is lost: Airtable knows no idempotency key (Airtable contract 3.1). */
  create(table: string, fields: Cells): Promise<AirtableRecord> {
    return this.#call(AirtableRecord, { method: 'POST', table, body: { fields }, repeatable: false });
  }

  /** Changes the named cells of each record and leaves the others. */
  async update(table: string, ids: readonly string[], fields: Cells): Promise<void> {
    for (let start = 0; start < ids.length; start += BATCH) {
      const records = ids.slice(start, start + BATCH).map((id) => ({ id, fields }));
      await this.#call(RecordPage, { method: 'PATCH', table, body: { records } });
    }
  }

  async delete(table: string, id: string): Promise<void> {
    await this.#call(v.unknown(), { method: 'DELETE', table, path: `/${encodeURIComponent(id)}` });
  }

  async #call<T>(
    answer: v.GenericSchema<unknown, T>,
    call: {
      readonly method: OutsideRequest['method'];
      readonly table: string;
      readonly path?: string;
      readonly body?: object;
      readonly repeatable?: boolean;
    },
  ): Promise<T> {
    const { url, baseId, apiKey } = this.access;
    const place = `${call.method} ${call.table}${call.path ?? ''}`;
    const request: OutsideRequest = {
      system: 'Airtable',
      method: call.method,
      url: `${url}/v0/${baseId}/${encodeURIComponent(call.table)}${call.path ?? ''}`,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(call.body && { body: JSON.stringify(call.body) }),
      repeatable: call.repeatable ?? true,
      isTransient: (reply) => hasTransientStatus(reply) && !isQuotaUsedUp(reply),
    };
    const reply = await send(request, this.errand).catch((error: unknown) => {
      throw error instanceof NoReply ? new Unavailable(error.message, 5, { cause: error }) : error;
    });
    if (reply.status !== 200) throw errorOf(reply, place);
    const parsed = v.safeParse(answer, reply.body);
    if (!parsed.success) throw new Unavailable(`Airtable answers ${place} with 200 and no records`, 5);
    return parsed.output;
  }
}

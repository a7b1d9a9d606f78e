import * as v from 'valibot';
import { ServiceUnavailableError } from '../errors';
import { type HttpRequest, placeOf, ReplyTooLargeError } from '../http-client/fetch-reply';
import { isReply } from '../http-client/retry';
import { errorOf, isUndone, UnknownColumnsError, UnknownOutcomeError } from './airtable-errors';
import {
  AirtableRecord,
  type Cells,
  pages,
  type RecordPage,
  type Records,
  RecordsAnswer,
} from './airtable-records';
import type { AirtableTransport } from './airtable-transport';

export interface AirtableAccess {
  /** Scheme and host, without `/v0`. */
  readonly url: string;
  readonly baseId: string;
  readonly apiKey: string;
}

/** The base's unique address, the key of everything stored about it. */
export function baseAddressOf({ url, baseId }: Pick<AirtableAccess, 'url' | 'baseId'>): string {
  return `${url}/${baseId}`;
}

/** Parameters of a list. They must be equal for every page of a list (airtable.md#listing-records). */
export interface ListParameters {
  /** Omit for all columns. */
  readonly fields?: readonly string[];
  readonly view?: string;
  /**
   * Built from constants and validated values, because Airtable has no bind parameters (airtable.md#formula-literals).
   */
  readonly filterByFormula?: string;
  /** @default 100 */
  readonly pageSize?: number;
  /** The previous page's `offset`. */
  readonly offset?: string;
}

interface Field {
  readonly id: string;
  readonly name: string;
  /** Airtable's type name: `singleLineText`, `checkbox`, … */
  readonly type: string;
}

export interface Table {
  readonly id: string;
  readonly name: string;
  readonly fields: readonly Field[];
}

/** A request and how its response is parsed. */
export interface AirtableCall<T> {
  readonly method: HttpRequest['method'];
  /** The path after `/v0/`, its parts percent-encoded. */
  readonly path: string;
  readonly body?: object;
  /** Whether repeating the request has no further effect. */
  readonly idempotent: boolean;
  readonly answer: v.GenericSchema<unknown, T>;
  /** @default as for every request */
  readonly maxReplyBytes?: number;
}

/** Maximum records per page (airtable.md#listing-records). */
export const MAX_PAGE_SIZE = 100;
/** Maximum records per write (airtable.md#writing-records). */
export const BATCH = 10;

/** One record with hundreds of full long text columns must not block reading the others. */
const MAX_RECORD_BYTES = 64 * 1_024 * 1_024;

const FieldAnswer = v.object({ id: v.string(), name: v.string(), type: v.string() });
const TableAnswer = v.object({ id: v.string(), name: v.string(), fields: v.array(FieldAnswer) });
const TablesAnswer = v.object({ tables: v.array(TableAnswer) });

/**
 * Client for the part of Airtable's Web API that the service needs. The official client is not used: it cannot resume a
 * list from an offset, retries 429 without end, hangs on a stalled body (airtable.md#the-official-client), and takes
 * half as long to load as everything else that a function loads (`npm run bench`).
 *
 * Every method throws `ServiceUnavailableError` where Airtable is down, throttles (`ThrottledError`) or has its monthly
 * quota used up (`QuotaExceededError`), `CredentialsRejectedError` for an unknown token, `GoneOrForbiddenError`,
 * `UnknownColumnsError` and `AirtableApiError`.
 */
export class AirtableClient {
  constructor(
    private readonly access: AirtableAccess,
    private readonly transport: AirtableTransport,
  ) {}

  /**
   * One page, with fewer records where they are too large for one response. Always uses POST, so that names do not
   * appear in access logs.
   */
  list(table: string, { pageSize = MAX_PAGE_SIZE, ...parameters }: ListParameters = {}): Promise<RecordPage> {
    return withFewer([pageSize, ...SMALLER_PAGES.filter((size) => size < pageSize)], (size) =>
      this.#list(table, { ...parameters, pageSize: size }, size === 1),
    );
  }

  /**
   * The records that exist, in any order. Where they are too large for one response, they are read in halves.
   * @param ids up to 100
   */
  async listByIds(table: string, ids: readonly string[]): Promise<Records> {
    const asked = ids.filter((id) => RECORD_ID.test(id));
    if (asked.length === 0) return { records: [], readAt: Number.POSITIVE_INFINITY };
    const body = { pageSize: MAX_PAGE_SIZE, filterByFormula: anyOf(asked) };
    const parts: Records[] = [];
    try {
      const isOne = asked.length === 1;
      for await (const page of pages((from) => this.#list(table, { ...body, ...from }, isOne)))
        parts.push(page);
    } catch (error) {
      if (!(error instanceof ReplyTooLargeError) || asked.length === 1) throw error;
      const half = Math.ceil(asked.length / 2);
      parts.splice(0, parts.length, await this.listByIds(table, asked.slice(0, half)));
      parts.push(await this.listByIds(table, asked.slice(half)));
    }
    return {
      records: parts.flatMap(({ records }) => records),
      readAt: Math.min(...parts.map(({ readAt }) => readAt)),
    };
  }

  /**
   * Creates a record. Not retried if the response is lost, because Airtable has no idempotency key
   * (airtable.md#writing-records).
   * @throws {UnknownOutcomeError} where it is unknown whether the record was created.
   */
  async create(
    table: string,
    fields: Cells,
  ): Promise<{ readonly record: AirtableRecord; readonly readAt: number }> {
    const { answer, readAt } = await this.#call({
      method: 'POST',
      path: this.#tablePath(table),
      body: { fields },
      idempotent: false,
      answer: AirtableRecord,
    });
    return { record: answer, readAt };
  }

  /** Creates up to 10 records: all, or none where one is rejected. @throws {UnknownOutcomeError} as `create` does */
  async createAll(table: string, rows: readonly Cells[]): Promise<readonly AirtableRecord[]> {
    if (rows.length === 0) return [];
    const { answer } = await this.#call({
      method: 'POST',
      path: this.#tablePath(table),
      body: { records: rows.map((fields) => ({ fields })) },
      idempotent: false,
      answer: RecordsAnswer,
    });
    return answer.records;
  }

  /**
   * Changes the named cells of up to 10 records and leaves other cells unchanged: of all records, or of none where one
   * is rejected (airtable.md#writing-records).
   */
  async update(table: string, ids: readonly string[], fields: Cells): Promise<void> {
    await this.#call({
      method: 'PATCH',
      path: this.#tablePath(table),
      body: { records: ids.map((id) => ({ id, fields })) },
      idempotent: true,
      answer: RecordsAnswer,
    });
  }

  /** @throws {GoneOrForbiddenError} where the record does not exist, or the token may not delete it. */
  async delete(table: string, id: string): Promise<void> {
    const path = `${this.#tablePath(table)}/${encodeURIComponent(id)}`;
    await this.#call({ method: 'DELETE', path, idempotent: true, answer: v.unknown() });
  }

  /**
   * The columns that the table lacks. Requests one record with these columns by name, because a record omits blank
   * cells and so does not show whether a column exists (airtable.md#listing-records).
   */
  async missingFields(table: string, fields: readonly string[]): Promise<readonly string[]> {
    const missing: string[] = [];
    for (;;) {
      const asked = fields.filter((field) => !missing.includes(field));
      if (asked.length === 0) return missing;
      try {
        await this.#list(table, { pageSize: 1, maxRecords: 1, fields: asked });
        return missing;
      } catch (error) {
        if (!(error instanceof UnknownColumnsError)) throw error;
        // Airtable names one at a time, maybe in lower case. A response that names none of these columns concerns all.
        const named = asked.filter((field) => error.columns.some((name) => equalIgnoringCase(name, field)));
        missing.push(...(named.length > 0 ? named : asked));
      }
    }
  }

  /** The tables and their columns. Requires the scope schema.bases:read. */
  async tables(): Promise<readonly Table[]> {
    const path = `meta/bases/${this.access.baseId}/tables`;
    const { answer } = await this.#call({ method: 'GET', path, idempotent: true, answer: TablesAnswer });
    return answer.tables;
  }

  /** Any other request, such as one about the schema. */
  async call<T>(call: AirtableCall<T>): Promise<T> {
    return (await this.#call(call)).answer;
  }

  /** @param isOneRecord keeps the response as small as possible */
  async #list(table: string, body: object, isOneRecord = false): Promise<RecordPage> {
    const path = `${this.#tablePath(table)}/listRecords`;
    const { answer, readAt } = await this.#call({
      method: 'POST',
      path,
      body,
      idempotent: true,
      answer: RecordsAnswer,
      ...(isOneRecord && { maxReplyBytes: MAX_RECORD_BYTES }),
    });
    return { ...answer, readAt };
  }

  async #call<T>(call: AirtableCall<T>): Promise<{ readonly answer: T; readonly readAt: number }> {
    const { url, apiKey } = this.access;
    const request = {
      system: 'Airtable',
      method: call.method,
      url: `${url}/v0/${call.path}`,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(call.body && { body: JSON.stringify(call.body) }),
      idempotent: call.idempotent,
      ...(call.maxReplyBytes !== undefined && { maxReplyBytes: call.maxReplyBytes }),
    };
    const reply = await this.transport(request);
    const outcomeUnknown = (message: string, cause?: unknown) =>
      call.idempotent
        ? new ServiceUnavailableError(message, 5, { cause })
        : new UnknownOutcomeError(message, cause);
    if (reply instanceof ReplyTooLargeError && call.idempotent) throw reply;
    if (!isReply(reply)) throw outcomeUnknown(reply.message, reply);
    if (!call.idempotent && reply.status >= 500 && !isUndone(reply)) {
      throw outcomeUnknown(`Airtable returned ${reply.status}`);
    }
    if (reply.status < 200 || reply.status > 299) throw errorOf(reply, placeOf(request));
    const parsed = v.safeParse(call.answer, reply.body);
    if (!parsed.success)
      throw outcomeUnknown(
        `Airtable returned ${reply.status} without the expected body to ${placeOf(request)}`,
      );
    return { answer: parsed.output, readAt: reply.sentAt };
  }

  #tablePath(table: string): string {
    return `${this.access.baseId}/${encodeURIComponent(table)}`;
  }
}

const SMALLER_PAGES = [10, 1];

/** Requests fewer at a time if the response is too large. @throws {ReplyTooLargeError} if a single one is */
export async function withFewer<T>(
  [size, ...smaller]: readonly [number, ...number[]],
  ask: (size: number) => Promise<T>,
): Promise<T> {
  try {
    return await ask(size);
  } catch (error) {
    const [next, ...rest] = smaller;
    if (next === undefined || !(error instanceof ReplyTooLargeError)) throw error;
    return withFewer([next, ...rest], ask);
  }
}

const RECORD_ID = /^rec[A-Za-z0-9]+$/;

/** Only validated ids get into a formula, so nothing needs escaping. */
function anyOf(ids: readonly string[]): string {
  return `OR(${ids.map((id) => `RECORD_ID()="${id}"`).join()})`;
}

function equalIgnoringCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

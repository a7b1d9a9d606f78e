import { afterEach } from '@jest/globals';
import Airtable from 'airtable';
import * as v from 'valibot';
import {
  type AirtableOptions,
  type AirtableStandIn,
  startAirtable,
  type TableData,
} from '../../../local/airtable/airtable-stand-in';
import { aBase } from '../../../local/airtable/base-data';

export const TOKEN = 'patTest.0123';

const running: AirtableStandIn[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
});

/** Starts a stand-in for one test, without a rate limit unless the options say so. */
export async function serve(
  tables: TableData[],
  options: Partial<AirtableOptions> = {},
): Promise<AirtableStandIn> {
  const standIn = await startAirtable({
    base: aBase(tables),
    tokens: [{ token: TOKEN }],
    limits: { requestsPerSecond: 'unlimited' },
    ...options,
  });
  running.push(standIn);
  return standIn;
}

/** The official client. */
export function clientOf(standIn: AirtableStandIn, options: Airtable.AirtableOptions = {}): Airtable.Base {
  return new Airtable({
    apiKey: TOKEN,
    endpointUrl: standIn.url,
    noRetryIfRateLimited: true,
    ...options,
  }).base(standIn.base.id);
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request with the good token; `path` goes behind `/v0/{base}`, or behind the base's webhooks. */
export async function call(
  standIn: AirtableStandIn,
  method: string,
  path: string,
  body?: unknown,
  api: 'records' | 'webhooks' = 'records',
): Promise<HttpAnswer> {
  const { id } = standIn.base;
  const root = api === 'records' ? `/v0/${id}` : `/v0/bases/${id}/webhooks`;
  return request(`${standIn.url}${root}${path}`, method, body);
}

export async function request(
  url: string,
  method = 'GET',
  body?: unknown,
  token: string | null = TOKEN,
): Promise<HttpAnswer> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
}

const Record = v.object({
  id: v.string(),
  createdTime: v.string(),
  fields: v.record(v.string(), v.unknown()),
});
const Page = v.object({ records: v.array(Record), offset: v.optional(v.string()) });

/** A page, whose answer has to be 200. */
export async function list(standIn: AirtableStandIn, table: string, parameters: object = {}) {
  const { status, body } = await call(
    standIn,
    'POST',
    `/${encodeURIComponent(table)}/listRecords`,
    parameters,
  );
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return v.parse(Page, body);
}

/** The names on a page, which is how most tests tell records apart. */
export async function names(standIn: AirtableStandIn, table: string, parameters: object = {}) {
  return (await list(standIn, table, parameters)).records.map(({ fields }) => fields['name']);
}

/** A clock that goes when it is told to. */
export function clock(start = '2026-03-01T12:00:00.400Z') {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (seconds: number) => {
      time += seconds * 1000;
    },
  };
}

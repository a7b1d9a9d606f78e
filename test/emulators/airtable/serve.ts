import { afterEach } from '@jest/globals';
import * as v from 'valibot';
import {
  type AirtableEmulator,
  type AirtableOptions,
  startAirtable,
  type TableData,
} from '../../../emulators/airtable/airtable-emulator';
import { aBase } from '../../../emulators/airtable/base-data';

export const TOKEN = 'patTest.0123';

const running: AirtableEmulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Starts an emulator for one test, without a rate limit unless the options set one. */
export async function serve(
  tables: TableData[],
  options: Partial<AirtableOptions> = {},
): Promise<AirtableEmulator> {
  const emulator = await startAirtable({
    base: aBase(tables),
    tokens: [{ token: TOKEN }],
    limits: { requestsPerSecond: 'unlimited' },
    ...options,
  });
  running.push(emulator);
  return emulator;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Api = 'records' | 'webhooks' | 'schema';

/** One request with the valid token. @param path relative to the base's records, webhooks, or tables */
export function call(
  { url, base: { id } }: AirtableEmulator,
  method: string,
  path: string,
  body?: unknown,
  api: Api = 'records',
): Promise<HttpResponse> {
  const roots = {
    records: `/v0/${id}`,
    webhooks: `/v0/bases/${id}/webhooks`,
    schema: `/v0/meta/bases/${id}/tables`,
  };
  return request(url + roots[api] + path, method, body);
}

export async function request(
  url: string,
  method = 'GET',
  body?: unknown,
  token: string | null = TOKEN,
): Promise<HttpResponse> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** An error response with this type. */
export const errorOf = (status: number, type: string) => ({ status, body: { error: { type } } });

const Record = v.object({ id: v.string(), fields: v.record(v.string(), v.unknown()) });
const Page = v.object({ records: v.array(Record), offset: v.optional(v.string()) });

/** A page; its status must be 200. */
export async function list(emulator: AirtableEmulator, table: string, parameters: object = {}) {
  const path = `/${encodeURIComponent(table)}/listRecords`;
  const { status, body } = await call(emulator, 'POST', path, parameters);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return v.parse(Page, body);
}

/** The names on a page, by which most tests identify records. */
export async function names(emulator: AirtableEmulator, table: string, parameters: object = {}) {
  return (await list(emulator, table, parameters)).records.map(({ fields }) => fields['name']);
}

/** A clock that advances only on request. */
export function clock(start = '2026-03-01T12:00:00.400Z') {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (seconds: number) => {
      time += seconds * 1000;
    },
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { BATCH } from '../../lambdas/airtable/airtable-client';
import { AirtableApiError, UnknownOutcomeError } from '../../lambdas/airtable/airtable-errors';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import { explainRejection } from '../../lambdas/airtable/write-customer';
import { ServiceUnavailableError } from '../../lambdas/errors';
import type { CountryCode } from '../../lambdas/phone-number/address';
import type { PacedBase } from '../airtable/rate-limited-base';
import type { FieldModel } from '../airtable/schema';
import { type CustomerRow, ESSENTIAL, type RejectedRow } from './customer-row';
import { findCustomersByNumber } from './existing-customers';

export interface CreateRequest {
  readonly base: PacedBase;
  readonly fields: readonly FieldModel[];
  readonly defaultCountry: CountryCode;
  /** How long a write without a response may still be under way at Airtable. */
  readonly settlingSeconds: number;
  readonly onWait: (seconds: number, reason: string) => void;
  /** Receives the number of finished rows at the beginning and after each batch. */
  readonly onDone: (done: number) => void;
  readonly signal: AbortSignal | null;
}

/** How often in a row the response to one batch may get lost. */
const MAX_LOST_RESPONSES = 5;

/** Creates each customer once, and records the outcome of each row. */
export class CustomerCreator {
  readonly created: CustomerRow[] = [];
  readonly rejected: RejectedRow[] = [];

  constructor(private readonly request: CreateRequest) {}

  /**
   * Ten at a time, fewer if their cells are long. An error keeps the rows created so far, and their outcomes.
   * @throws {ServiceUnavailableError, ConfigurationError, CredentialsRejectedError} and the signal's reason.
   */
  async createAll(rows: readonly CustomerRow[]): Promise<void> {
    this.request.onDone(0);
    for (const batch of batchesOf(rows)) {
      this.request.signal?.throwIfAborted();
      await this.#create(batch);
      this.request.onDone(this.created.length + this.rejected.length);
    }
  }

  async #create(rows: readonly CustomerRow[], retries = 0): Promise<void> {
    if (rows.length === 0) return;
    try {
      await this.request.base.create(
        CUSTOMERS,
        rows.map(({ cells }) => cells),
      );
      this.created.push(...rows);
    } catch (error) {
      if (error instanceof UnknownOutcomeError) await this.#createMissing(rows, error, retries + 1);
      else if (error instanceof AirtableApiError) await this.#isolateRejected(rows, error);
      else throw explainRejection(error);
    }
  }

  /**
   * One rejected row fails its whole batch (airtable.md#writing-records): the batch is halved until the row is alone.
   */
  async #isolateRejected(rows: readonly CustomerRow[], error: AirtableApiError): Promise<void> {
    const [first, ...others] = rows;
    if (first !== undefined && others.length === 0) {
      const remaining = withoutRejectedCells(first, error);
      if (remaining !== null) return this.#create([remaining]);
      this.rejected.push({ source: first.source, reason: error.message });
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await this.#create(rows.slice(0, half));
    await this.#create(rows.slice(half));
  }

  /** Airtable has no idempotency keys, so the base is searched for the rows that it already has. */
  async #createMissing(
    rows: readonly CustomerRow[],
    error: UnknownOutcomeError,
    retries: number,
  ): Promise<void> {
    const { base, fields, defaultCountry, settlingSeconds, onWait, signal } = this.request;
    if (retries > MAX_LOST_RESPONSES) {
      throw new ServiceUnavailableError(`Airtable repeatedly failed to respond: ${error.message}`, 0, {
        cause: error,
      });
    }
    onWait(settlingSeconds, `${error.message}; then the base is searched for these rows`);
    await pause(settlingSeconds * 1_000, undefined, signal === null ? {} : { signal });
    const numbers = rows.flatMap((row) => row.numbers);
    const there = await findCustomersByNumber(base, fields, defaultCountry, numbers);
    const missing: CustomerRow[] = [];
    for (const row of rows) {
      const state = there.compare(row);
      if (state === 'new') missing.push(row);
      else if (state === 'existing') this.created.push(row);
      else this.rejected.push({ source: row.source, reason: state.join('; ') });
    }
    await this.#create(missing, retries);
  }
}

/**
 * The row without the optional cells that Airtable's message names, such as an unknown collaborator. Null if it names
 * none of them: then the row itself is rejected.
 */
function withoutRejectedCells(row: CustomerRow, { message }: AirtableApiError): CustomerRow | null {
  const named = Object.keys(row.cells).filter(
    (column) => !ESSENTIAL.includes(column) && message.includes(`"${column}"`),
  );
  if (named.length === 0) return null;
  const cells = Object.fromEntries(Object.entries(row.cells).filter(([column]) => !named.includes(column)));
  const leftOut = named.map((column) => ({
    column,
    line: row.source.line,
    reason: `${column}: ${message}`,
  }));
  return { ...row, cells, leftOut: [...row.leftOut, ...leftOut] };
}

/** A request is limited to about a megabyte (status 413); the rest is left for column names and brackets. */
const BATCH_BYTES = 800_000;

function* batchesOf(rows: readonly CustomerRow[]): Generator<readonly CustomerRow[]> {
  let batch: CustomerRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row.cells));
    if (batch.length === BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

import { CredentialsRejectedError, errorMessage, UpstreamError } from '../errors';
import { type AirtableClient, BATCH } from './airtable-client';
import {
  AirtableApiError,
  GoneOrForbiddenError,
  QuotaExceededError,
  ThrottledError,
  UnknownColumnsError,
} from './airtable-errors';
import { COLUMN, CUSTOMERS } from './columns';
import { isOfWrongType } from './write-customer';

/** The result of writing one record's `opt_out` cell. */
export type OptOutWrite =
  | { readonly outcome: 'written' }
  /** The record no longer exists. */
  | { readonly outcome: 'gone' }
  /** Airtable rejected it, is unavailable, or it was not tried; the cell is unchanged. */
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** No conclusive response; it may have been written. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * Writes the `opt_out` cells of records; the column may be a checkbox or a text. A rejected record does not block
 * others. If Airtable is down, or the token or the column is wrong, the remaining records are not tried. Never throws:
 * the result holds the outcome of each record.
 */
export async function writeOptOut(
  client: AirtableClient,
  recordIds: readonly string[],
  value: boolean,
): Promise<ReadonlyMap<string, OptOutWrite>> {
  const writer = new OptOutWriter(client, value);
  const ids = [...new Set(recordIds)];
  for (let start = 0; start < ids.length; start += BATCH) await writer.write(ids.slice(start, start + BATCH));
  return writer.outcomes;
}

class OptOutWriter {
  readonly outcomes = new Map<string, OptOutWrite>();
  /** Forms of the cell value; the one that the column accepted last comes first. */
  #forms: readonly (boolean | string)[];
  /** Why trying the remaining records is pointless. */
  #rejection: string | null = null;

  constructor(
    private readonly client: AirtableClient,
    value: boolean,
  ) {
    this.#forms = [value, String(value)];
  }

  /** One invalid record fails its whole batch; its records are then written one by one. */
  async write(recordIds: readonly string[]): Promise<void> {
    const outcome =
      this.#rejection === null
        ? await this.#tryForms(recordIds)
        : ({ outcome: 'rejected', reason: this.#rejection } as const);
    if (outcome !== 'some rejected') {
      for (const id of recordIds) this.outcomes.set(id, outcome);
    } else {
      for (const id of recordIds) await this.write([id]);
    }
  }

  async #tryForms(recordIds: readonly string[]): Promise<OptOutWrite | 'some rejected'> {
    for (const form of this.#forms) {
      try {
        await this.client.update(CUSTOMERS, recordIds, { [COLUMN.optOut]: form });
        this.#forms = [form, ...this.#forms.filter((other) => other !== form)];
        break;
      } catch (error) {
        if (isOfWrongType(error) && form !== this.#forms.at(-1)) continue;
        if (isRejection(error)) return recordIds.length > 1 ? 'some rejected' : rejectionOf(error);
        this.#rejection = errorMessage(error);
        return { outcome: isCertain(error) ? 'rejected' : 'unknown', reason: this.#rejection };
      }
    }
    return { outcome: 'written' };
  }
}

/** Airtable returned a 4xx that may concern one record; a missing column or a bad token concerns all. */
function isRejection(error: unknown): error is AirtableApiError | GoneOrForbiddenError | UpstreamError {
  return (
    error instanceof AirtableApiError ||
    error instanceof GoneOrForbiddenError ||
    error instanceof UpstreamError
  );
}

function rejectionOf(error: AirtableApiError | GoneOrForbiddenError | UpstreamError): OptOutWrite {
  const isGone = error instanceof AirtableApiError && error.type === 'ROW_DOES_NOT_EXIST';
  return isGone ? { outcome: 'gone' } : { outcome: 'rejected', reason: error.message };
}

/** Whether the error means that nothing was written. */
function isCertain(error: unknown): boolean {
  return [UnknownColumnsError, CredentialsRejectedError, ThrottledError, QuotaExceededError].some(
    (kind) => error instanceof kind,
  );
}

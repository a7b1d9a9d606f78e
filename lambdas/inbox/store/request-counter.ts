import * as v from 'valibot';
import { NumberOrZero, numberAttribute } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, type Expression } from '../../replica/dynamo-table';
import { INBOX_KEYS } from './inbox-keys';

const WINDOW_MS = 60_000;
/** The item of a minute is of no use after it. */
const KEPT_SECONDS = 10 * 60;

/** What has a limit of its own, besides that of all requests. */
export type Budget = 'writes' | 'tickets';

/** A worker's requests of the present minute. */
export interface RequestCounts {
  readonly requests: number;
  readonly writes: number;
  readonly tickets: number;
  /** Until the next minute. */
  readonly secondsLeft: number;
}

const Counts = v.object({ requests: NumberOrZero, writes: NumberOrZero, tickets: NumberOrZero });

/** Counts each worker's requests by the minute, in the inbox table: one item a minute, which expires. */
export class RequestCounter {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  /**
   * Counts one request, with one update.
   * @param subject the token's
   * @returns the counts with this request
   */
  async count(subject: string, budget: Budget | null, now: Date): Promise<RequestCounts> {
    const minute = Math.floor(now.getTime() / WINDOW_MS);
    const endsAt = (minute + 1) * WINDOW_MS;
    const change: Expression = {
      text: `ADD #requests :one${budget === null ? '' : ', #budget :one'} SET #expires = :expires`,
      names: {
        '#requests': 'requests',
        '#expires': 'expires_at',
        ...(budget !== null && { '#budget': budget }),
      },
      values: {
        ':one': numberAttribute(1),
        ':expires': numberAttribute(endsAt / 1_000 + KEPT_SECONDS),
      },
    };
    const counted = await this.#table.update(INBOX_KEYS.requestCount(subject, minute), change);
    const secondsLeft = Math.max(1, Math.ceil((endsAt - now.getTime()) / 1_000));
    return { ...v.parse(Counts, counted), secondsLeft };
  }
}

import { monthlyQuotaExceeded, rateLimited } from './airtable-errors';

export interface Limits {
  /** Per base, all tokens together; 'unlimited' lifts the limit per token too. @default 5 */
  readonly requestsPerSecond?: number | 'unlimited';
  /** Requests per second over all bases. @default 50 */
  readonly perToken?: number;
  /** How long every request is rejected after the first 429. @default 30 */
  readonly penaltySeconds?: number;
  /** Record requests per calendar month. @default none */
  readonly monthlyQuota?: number;
  /** Records per write. @default 10 */
  readonly batchSize?: number;
}

export interface RateLimits {
  /** @throws AirtableError 429 when the token or the base gets too many requests */
  countRequest(token: string, baseId?: string): void;
  /** @throws AirtableError 429 when the month's requests are used up */
  countAgainstQuota(): void;
}

/** Airtable's limits (airtable.md#rate-limits-and-quotas), on the given clock. */
export function rateLimits(limits: Limits, now: () => Date): RateLimits {
  const { requestsPerSecond = 5, perToken = 50, penaltySeconds = 30, monthlyQuota } = limits;
  const limited = requestsPerSecond !== 'unlimited';
  const baseWindow = limited ? slidingWindow(requestsPerSecond, penaltySeconds, now) : () => {};
  const tokenWindow = limited ? slidingWindow(perToken, penaltySeconds, now) : () => {};
  let month = '';
  let usedInMonth = 0;

  return {
    countRequest(token, baseId) {
      tokenWindow(token);
      if (baseId !== undefined) baseWindow(baseId);
    },
    countAgainstQuota() {
      if (monthlyQuota === undefined) return;
      const thisMonth = now().toISOString().slice(0, 7);
      if (thisMonth !== month) {
        month = thisMonth;
        usedInMonth = 0;
      }
      if (usedInMonth >= monthlyQuota) throw monthlyQuotaExceeded();
      usedInMonth++;
    },
  };
}

const WINDOW_MS = 1000;

/** Counts by key over the last second. Requests during the penalty do not prolong it; Airtable may differ. */
function slidingWindow(limit: number, penaltySeconds: number, now: () => Date): (key: string) => void {
  const recent = new Map<string, number[]>();
  const penaltyEnds = new Map<string, number>();

  return (key) => {
    const time = now().getTime();
    if (time < (penaltyEnds.get(key) ?? 0)) throw rateLimited();
    const times = (recent.get(key) ?? []).filter((each) => each > time - WINDOW_MS);
    if (times.length >= limit) {
      penaltyEnds.set(key, time + penaltySeconds * 1000);
      throw rateLimited();
    }
    recent.set(key, [...times, time]);
  };
}

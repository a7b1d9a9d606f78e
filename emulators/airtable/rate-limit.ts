import { PENALTY_SECONDS } from '../../lambdas/airtable/airtable-errors';
import { rateLimited } from './airtable-errors';

export interface Limits {
  /** All tokens together. @default 5 */
  readonly requestsPerSecond?: number | 'unlimited';
  /** How long every request is rejected after the first 429. @default 30 */
  readonly penaltySeconds?: number;
}

const WINDOW_MS = 1000;

/**
 * The limit of a base (airtable.md#rate-limits-and-quotas), on the given clock: counts over the last second. Requests
 * during the penalty do not prolong it; Airtable may differ.
 * @returns counts a request. @throws AirtableError 429
 */
export function rateLimit(limits: Limits, now: () => Date): () => void {
  const { requestsPerSecond = 5, penaltySeconds = PENALTY_SECONDS } = limits;
  if (requestsPerSecond === 'unlimited') return () => {};
  let recent: number[] = [];
  let penaltyEnd = 0;
  return () => {
    const time = now().getTime();
    recent = recent.filter((each) => each > time - WINDOW_MS);
    if (time < penaltyEnd) throw rateLimited();
    if (recent.length >= requestsPerSecond) {
      penaltyEnd = time + penaltySeconds * 1000;
      throw rateLimited();
    }
    recent.push(time);
  };
}

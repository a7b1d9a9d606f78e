import type { Fault } from '../../emulators/airtable/airtable-faults';

/** Every way in which Airtable, or the way to it, can fail. */
export const OUTAGES: Readonly<Record<string, Fault>> = {
  // The longest come first, because several are measured at the same time.
  'no answer': { kind: 'stalled' },
  'half an answer': { kind: 'stalled-body' },
  '429': { kind: 'rate-limit' },
  '429 as documented': { kind: 'rate-limit', form: 'documented' },
  '503 with Retry-After': { kind: 'unavailable', retryAfterSeconds: 20 },
  'answers after 10 s': { kind: 'slow', milliseconds: 10_000 },
  'answers after 3 s': { kind: 'slow', milliseconds: 3_000 },
  '503': { kind: 'unavailable' },
  '500': { kind: 'server-error' },
  '502 with HTML': { kind: 'bad-gateway' },
  '429, quota used up': { kind: 'monthly-quota' },
  '401': { kind: 'unauthorized' },
  '403': { kind: 'forbidden' },
  '413': { kind: 'too-large' },
  '200 with HTML': { kind: 'html' },
  '200 without records': { kind: 'no-records' },
  'connection reset': { kind: 'connection-reset' },
  'done, answer lost': { kind: 'response-lost' },
  'list iterator lost': { kind: 'iterator-loss' },
};

import type { PendingOptOut } from '../../../lambdas/opt-out/opt-out-store';
import type { CheckResult } from '../health-check';
import { duration } from './duration';

/** The same time as that of the alarm WaitingOptOut. */
const TOO_LONG_MS = 60 * 60_000;

/** How many opt-outs wait for Airtable, and how long. The callbacks honour them meanwhile. */
export function waitingOutcome(pending: readonly PendingOptOut[], now: number): CheckResult {
  if (pending.length === 0) return { status: 'pass', message: 'none' };
  const oldest = Math.max(...pending.map(({ event }) => now - Date.parse(event.at)));
  const count = pending.length;
  const message = `${count} waiting, the oldest for ${duration(oldest)}`;
  if (oldest <= TOO_LONG_MS) return { status: 'pass', message };
  return {
    status: 'fail',
    message,
    fix: 'The callbacks reject messages to these customers regardless. npm run logs -- --callback sync shows why Airtable rejects the tick, such as a column opt_out that is neither a checkbox nor text',
    findings: pending.map(({ address, event: { kind, channel, keyword, at } }) => ({
      what: `${address} (${channel}): ${kind} by ${keyword} at ${at}`,
      link: null,
    })),
  };
}

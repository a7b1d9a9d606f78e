import { MAX_PAGE_SIZE } from '../airtable/airtable-client';
import type { SyncState, WebhookRegistration } from '../replica/replica-store';
import type { SyncEvent } from './sync-event';
import type { SyncSettings } from './sync-run';

export type PassReason =
  | 'first'
  | 'asked-for'
  | 'mapping-changed'
  | 'nightly'
  | 'no-webhook'
  | 'webhook-gone'
  | 'webhook-moved'
  | 'table-replaced'
  | 'cursor-unknown'
  | 'cursor-too-old';

/** The work of a run after the opt-outs. */
export type Plan =
  | { readonly kind: 'pass'; readonly reason: PassReason }
  | { readonly kind: 'drain'; readonly webhookId: string; readonly cursor: number }
  | { readonly kind: 'nothing' };

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;
/** When the nightly pass is due, in hours after midnight UTC. */
const NIGHTLY_HOUR = 3;
/** Payloads are kept for seven days (airtable.md#webhook-payloads); a cursor this old may soon be invalid. */
const OLDEST_CURSOR_MS = 6 * DAY_MS;

const HOURS_A_MONTH = 720;
/** A third of the Team plan's monthly calls: the budget of passes where no webhook reports changes. */
const CALLS_A_MONTH = 33_000;

export interface Situation {
  readonly state: SyncState;
  readonly webhook: WebhookRegistration | null;
  readonly settings: Pick<SyncSettings, 'webhookUrl'>;
  readonly mappingVersion: string;
  readonly now: number;
}

/**
 * Chooses between a full pass and a drain. A run for changes makes a pass only where the webhook allows nothing else.
 * Due passes run with the schedule, so that a failing pass is not repeated with each ping.
 */
export function planRun(run: SyncEvent['run'], situation: Situation): Plan {
  const { state, webhook } = situation;
  if (run === 'pass') return { kind: 'pass', reason: 'asked-for' };
  const reason = run === 'schedule' ? reasonForPass(situation) : null;
  if (reason !== null) return { kind: 'pass', reason };
  if (webhook === null || state.cursor === null || isTooOld(state.drainedAt, situation.now)) {
    return { kind: 'nothing' };
  }
  return { kind: 'drain', webhookId: webhook.id, cursor: state.cursor };
}

function reasonForPass({ state, webhook, settings, mappingVersion, now }: Situation): PassReason | null {
  const { lastPass } = state;
  if (lastPass === null) return 'first';
  if (lastPass.mappingVersion !== mappingVersion) return 'mapping-changed';
  if (lastPass.startedAt < lastNight(now)) return 'nightly';
  if (state.webhookProblem !== null) {
    return now >= lastPass.startedAt + passInterval(lastPass.customers) ? 'no-webhook' : null;
  }
  if (webhook === null) return 'webhook-gone';
  if (webhook.notificationUrl !== settings.webhookUrl) return 'webhook-moved';
  if (state.cursor === null) return 'cursor-unknown';
  return isTooOld(state.drainedAt, now) ? 'cursor-too-old' : null;
}

/** Milliseconds until the next pass of a base without a webhook. */
export function passInterval(customers: number): number {
  const pages = Math.max(1, Math.ceil(customers / MAX_PAGE_SIZE));
  return Math.ceil((pages * HOURS_A_MONTH) / CALLS_A_MONTH) * HOUR_MS;
}

/** Whether payloads after a cursor that was last drained at this time may be gone. */
export function isTooOld(drainedAt: number | null, now: number): boolean {
  return drainedAt === null || now - drainedAt > OLDEST_CURSOR_MS;
}

/** The most recent 03:00 UTC. */
function lastNight(now: number): number {
  return Math.floor((now - NIGHTLY_HOUR * HOUR_MS) / DAY_MS) * DAY_MS + NIGHTLY_HOUR * HOUR_MS;
}

/** When the replica must be updated next; the age of the replica counts from then. */
export function nextRunDue({
  state,
  settings,
}: {
  readonly state: SyncState;
  readonly settings: Pick<SyncSettings, 'scheduleMilliseconds'>;
}): number | null {
  const { lastPass, drainedAt, cursor } = state;
  if (lastPass === null) return null;
  if (cursor !== null && drainedAt !== null) return drainedAt + settings.scheduleMilliseconds;
  return lastPass.startedAt + passInterval(lastPass.customers);
}

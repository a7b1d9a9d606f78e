import type { Conversation, ConversationState } from './conversation';
import { twilioError } from './twilio-errors';

const DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;
const SECONDS_OF_UNITS = [7 * 86_400, 86_400, 3_600, 60, 1];

/** The shortest durations that Twilio accepts, in milliseconds. */
const SHORTEST = { inactive: 60_000, closed: 10 * 60_000 } as const;

/**
 * Milliseconds of an ISO 8601 duration such as `PT10M` or `P1D`; an empty text removes the timer (null).
 * @throws {TwilioError} 20001, because Twilio's code for it is unknown.
 */
export function readTimer(kind: keyof typeof SHORTEST, text: string): number | null {
  if (text === '') return null;
  const units = DURATION.exec(text)?.slice(1);
  const seconds = units?.reduce(
    (sum, unit, index) => sum + Number(unit ?? 0) * (SECONDS_OF_UNITS[index] ?? 0),
    0,
  );
  const milliseconds = (seconds ?? 0) * 1_000;
  if (milliseconds >= SHORTEST[kind]) return milliseconds;
  throw twilioError(
    'invalidParameter',
    `${text} is not a duration of at least ${SHORTEST[kind] / 60_000} minutes`,
  );
}

/** When a conversation's timers end, counted from its last activity. */
export function timerDates({ timers, state, lastActivity }: Conversation): {
  readonly inactive: Date | null;
  readonly closed: Date | null;
} {
  const after = (milliseconds: number | null) =>
    milliseconds === null ? null : new Date(lastActivity.getTime() + milliseconds);
  return {
    inactive: state === 'active' ? after(timers.inactive) : null,
    closed: state === 'closed' ? null : after(timers.closed),
  };
}

/** The state that a conversation's timers have brought it to. */
export function stateAt(conversation: Conversation, now: Date): ConversationState {
  const { inactive, closed } = timerDates(conversation);
  if (closed !== null && closed <= now) return 'closed';
  if (inactive !== null && inactive <= now) return 'inactive';
  return conversation.state;
}

import * as v from 'valibot';
import type { Bundles } from './bundles';
import { messageOf } from './child';
import { OUTAGES } from './outages';
import { atMost, count, type Result, seconds, told } from './result';

const IN_OUTAGE = new URL('./opt-out-in-outage.ts', import.meta.url);
/** Most of the time is waiting for time-outs and penalties. */
const AT_ONCE = 9;
const REFUSED = 403;

const Outcome = v.object({
  /** What Twilio got for the customer's STOP. */
  stop: v.number(),
  /** Whether a run of sync met the fault. */
  hasMetFault: v.boolean(),
  /** What Twilio got for a worker's message, while Airtable fails and after. */
  messageDuring: v.number(),
  messageAfter: v.number(),
  isTicked: v.boolean(),
  /** How many seconds after Airtable was back the base was ticked. */
  tickedAfter: v.number(),
});

/**
 * A customer writes STOP while Airtable fails. When it is back, runs by schedule follow. Lost is a STOP after which a
 * worker's message is not refused, or the base is not ticked.
 */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const names = Object.keys(OUTAGES);
  const lost: string[] = [];
  const results: Result[] = [];
  await forEachAtOnce(names, AT_ONCE, async (name) => {
    const outcome = await messageOf(IN_OUTAGE, [bundles.folder, name], Outcome);
    const { stop, hasMetFault, messageDuring, messageAfter, isTicked, tickedAfter } = outcome;
    if (!hasMetFault) throw new Error(`No request met the fault ${name}`);
    const isRefused = messageDuring === REFUSED && messageAfter === REFUSED;
    if (!isRefused || !isTicked) lost.push(name);
    results.push(
      told(
        `${name}: STOP is answered ${stop}, messages ${messageDuring} and ${messageAfter}, ticked after`,
        seconds(tickedAfter),
      ),
    );
  });
  const which = lost.length > 0 ? ` (${lost.join(', ')})` : '';
  return [
    ...results,
    atMost(`opt-outs lost in ${names.length} outages of Airtable${which}`, count(lost.length), count(0)),
  ];
}

/** Does the work for each, for so many at the same time. */
async function forEachAtOnce<T>(
  all: readonly T[],
  atOnce: number,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const rest = [...all];
  const worker = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

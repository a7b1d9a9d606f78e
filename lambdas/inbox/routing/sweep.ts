import { forEachAtOnce } from '../../concurrency/at-once';
import { ConfigurationError, CredentialsRejectedError, errorMessage, NotFoundError } from '../../errors';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import { pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { applyLeftBehind, type ChatRecord } from '../index/chat-record';
import { readNewest } from '../messages/read-newest';
import type { Inbox } from '../open-inbox';
import { reassignChat } from './reassign-chat';
import { assignWorker, markLeftBehind } from './route-chat';
import { SWEEP_MINUTES } from './sweep-interval';

const DAY_MS = 24 * 60 * 60_000;
const MAX_CHATS_OF_LEAVER = 100;
/** Twilio throttles by concurrent requests, and each chat takes two or more. */
const AT_ONCE = 3;
/** With less time than this no chat is begun: it is longer than giving one a worker may take. */
const LEAST_MS = 12_000;
/** Looking for unknown conversations leaves this time for the chats. */
const CHATS_MS = 5_000;
/** Multiples of the golden ratio spread evenly: three sweeps reach all chats if each has time for two fifths of them. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Every five minutes: gives the open chats without an active worker one, and finds the conversations of which no event
 * came, because Twilio sends each event once. Counts the chats that remain without a worker, also those that it had no
 * time for, because the alarm needs the number most when they are many.
 * @throws {CredentialsRejectedError} {ConfigurationError} at the end, if the conversations cannot be listed before a
 * person corrects something
 */
export async function sweep(inbox: Inbox): Promise<void> {
  const leavers = (await inbox.team()).leavers();
  for (const identity of leavers) await attempt(inbox, () => inbox.push.close(identity));
  const fault = await attempt(inbox, () => findUnknown(inbox));
  const waiting = new Map<string, string[]>();
  for (const { sid } of await inbox.chats.unassigned()) waiting.set(sid, []);
  for (const identity of leavers) {
    await attempt(inbox, async () => {
      for (const sid of await latestOpen(inbox, identity)) {
        waiting.set(sid, [...(waiting.get(sid) ?? []), identity]);
      }
    });
  }
  await forEachAtOnce(rotate([...waiting], inbox.now()), AT_ONCE, async ([sid, identities]) => {
    if (!hasTime(inbox)) return;
    await attempt(inbox, async () => {
      if (await serve(inbox, sid, identities)) waiting.delete(sid);
    });
  });
  inbox.request.requestLog.countEvent(SERVICE_METRICS.chatsWithoutWorker, waiting.size);
  if (fault !== null) throw fault;
}

/**
 * One step of the sweep, whose failure ends this step only.
 * @returns an error that stays until a person corrects something, else null
 */
async function attempt(inbox: Inbox, step: () => Promise<void>): Promise<Error | null> {
  try {
    await step();
    return null;
  } catch (error) {
    if (error instanceof CredentialsRejectedError || error instanceof ConfigurationError) return error;
    inbox.request.requestLog.warn(`The next sweep tries it again: ${errorMessage(error)}`);
    return null;
  }
}

function hasTime({ request }: Inbox): boolean {
  return request.deadline.remainingMilliseconds >= LEAST_MS;
}

/** Rotates the chats, so that those which get no worker do not take the time of the others in every sweep. */
export function rotate<T>(chats: readonly T[], now: Date): T[] {
  const sweeps = Math.floor(now.getTime() / (SWEEP_MINUTES * 60_000));
  const start = Math.floor(((sweeps * GOLDEN) % 1) * chats.length);
  return [...chats.slice(start), ...chats.slice(0, start)];
}

/**
 * Gives a chat an active worker.
 * @param leavers the workers in it who left the team. Where a colleague is in it already, they only go
 * @returns whether it has one, or needs none
 */
async function serve(inbox: Inbox, sid: string, leavers: readonly string[]): Promise<boolean> {
  const known = await inbox.chats.chat(sid);
  if (known === null) return true;
  try {
    for (const identity of leavers) if ((await reassignChat(inbox, sid, identity)) === 'kept') return false;
    const chat = (await inbox.chats.chat(sid)) ?? known;
    if (!(await assignWorker(inbox, chat))) return false;
    if (chat.isLeftBehind) await inbox.chats.changeChat(sid, (each) => each && applyLeftBehind(each, false));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    // Twilio does not have it: the index learns of that by the event that was lost.
    await inbox.enqueue({ kind: 'conversation', conversationSid: sid, serviceSid: known.serviceSid });
  }
  return true;
}

/** The latest open chats of a worker who left the team: those that no colleague has taken, and those come since. */
async function latestOpen(inbox: Inbox, identity: string): Promise<string[]> {
  const page = { filter: 'open', before: null, limit: MAX_CHATS_OF_LEAVER } as const;
  return (await inbox.chats.listRows(identity, page)).rows.map(({ chat }) => chat.sid);
}

/** Takes in the conversations of the last day that the index does not have. */
async function findUnknown(inbox: Inbox): Promise<void> {
  const day = new Date(inbox.now().getTime() - DAY_MS).toISOString().slice(0, 10);
  const deadline = inbox.request.deadline.leaving(LEAST_MS + CHATS_MS);
  for await (const conversations of inbox.chatApi(null, deadline).createdSince(day)) {
    const sids = conversations.map(({ sid }) => sid);
    const known = new Map((await inbox.chats.chatsOf(sids)).map((chat) => [chat.sid, chat]));
    await forEachAtOnce(sids, AT_ONCE, async (sid) => {
      if (deadline.remainingMilliseconds === 0) return;
      // Chats that are only read, here or for a worker's index, may have workers who are not in the team.
      await attempt(inbox, async () => markLeftBehind(inbox, known.get(sid) ?? (await takeIn(inbox, sid))));
    });
    if (deadline.remainingMilliseconds === 0) return;
  }
}

async function takeIn(inbox: Inbox, sid: string): Promise<ChatRecord> {
  const { chat } = await refreshChat(inbox, sid, null);
  const changed = await readNewest(inbox, chat);
  if (changed !== null) await pushChat(inbox, changed);
  return changed?.chat ?? chat;
}

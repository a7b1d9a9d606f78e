import type { Customer } from '../../customers/customer';
import { type OptOutStore, optedOutChannels, partitionsOf } from '../../opt-out/opt-out-store';
import { type Address, spellingsOf } from '../../phone-number/address';
import type { Composer } from '../api';
import type { ChatRecord } from '../index/chat-record';

const WINDOW_MS = 24 * 60 * 60_000;
/** The composer closes earlier, so that a message on its way is not late. */
const MARGIN_MS = 5 * 60_000;

/** When WhatsApp's 24 hours end; null where the customer has not written. In milliseconds since the epoch. */
function windowEnd({ lastInboundAt }: Pick<ChatRecord, 'lastInboundAt'>): number | null {
  return lastInboundAt === null ? null : Date.parse(lastInboundAt) + WINDOW_MS;
}

/** Whether free text may be sent now (twilio.md#whatsapp-templates). */
export function isWindowOpen(chat: Pick<ChatRecord, 'channel' | 'lastInboundAt'>, now: Date): boolean {
  return chat.channel === 'sms' || now.getTime() < (windowEnd(chat) ?? 0);
}

export function composerOf(
  chat: ChatRecord,
  optOut: { readonly since: string | null } | null,
  now: Date,
): Composer {
  if (chat.isClosed) return { state: 'closed' };
  if (optOut !== null) return { state: 'opted-out', since: optOut.since };
  if (chat.channel === 'sms') return { state: 'open', closesAt: null };
  const end = windowEnd(chat);
  if (end === null || now.getTime() >= end - MARGIN_MS) {
    return { state: 'templates-only', since: end === null ? null : new Date(end).toISOString() };
  }
  return { state: 'open', closesAt: new Date(end - MARGIN_MS).toISOString() };
}

/** Whether a customer opted out, and since when: as the guard decides it, but for showing. Null: not opted out. */
export async function optOutOf(
  customers: readonly Customer[],
  addresses: readonly Address[],
  optOuts: Pick<OptOutStore, 'eventsOf'>,
): Promise<{ readonly since: string | null } | null> {
  const groups = [...addresses.map(({ key }) => spellingsOf(key)), ...customers.map(partitionsOf)];
  const events = await Promise.all(groups.map((partitions) => optOuts.eventsOf(partitions)));
  const since = events.flatMap((group) => {
    const channels = optedOutChannels(group);
    return group
      .filter(({ kind, channel }) => kind === 'opt-out' && channels.has(channel))
      .map(({ at }) => at);
  });
  if (since.length > 0) return { since: since.sort().at(-1) ?? null };
  return customers.some(({ optOutCell }) => optOutCell !== 'no') ? { since: null } : null;
}

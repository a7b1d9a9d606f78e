import type { Message } from '../../lambdas/inbox/api';
import { dayOf, type TimeFormat } from './time';

/** Messages of one sender that follow each other within five minutes. */
export interface MessageGroup {
  readonly kind: 'group';
  readonly key: string;
  readonly author: Message['author'];
  readonly messages: readonly Message[];
}

/** What a conversation shows, from the top down. */
export type LogItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | MessageGroup;

const GROUP_GAP_MS = 5 * 60_000;

/**
 * Arranges messages in groups, with a heading before each day and a line before the first unread one.
 * @param unreadSid the message before which the unread line stands; null for none
 */
export function groupMessages(
  messages: readonly Message[],
  unreadSid: string | null,
  options: TimeFormat = {},
): readonly LogItem[] {
  const items: LogItem[] = [];
  let group: Message[] = [];
  let day = '';
  const endGroup = () => {
    const first = group[0];
    if (first !== undefined) {
      items.push({ kind: 'group', key: messageKey(first), author: first.author, messages: group });
    }
    group = [];
  };
  for (const message of messages) {
    const at = Date.parse(message.sentAt);
    const messageDay = dayOf(at, options);
    if (messageDay !== day) {
      endGroup();
      items.push({ kind: 'day', key: `day-${messageDay}`, at });
      day = messageDay;
    }
    if (message.sid === unreadSid) {
      endGroup();
      items.push({ kind: 'unread', key: 'unread' });
    }
    if (!continues(group.at(-1), message)) endGroup();
    group.push(message);
  }
  endGroup();
  return items;
}

/** The same before and after a message that was sent here gets its SID, so that its bubble stays in the document. */
export function messageKey({ sid, sendId }: Pick<Message, 'sid' | 'sendId'>): string {
  return sendId ?? sid;
}

function continues(last: Message | undefined, next: Message): boolean {
  if (last === undefined) return false;
  return (
    last.author.kind === next.author.kind &&
    last.author.name === next.author.name &&
    Date.parse(next.sentAt) - Date.parse(last.sentAt) < GROUP_GAP_MS
  );
}

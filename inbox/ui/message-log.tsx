import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Message } from '../../lambdas/inbox/api';
import { groupMessages } from '../logic/grouping';
import { newestIndex } from '../logic/messages';
import { dayHeading } from '../logic/time';
import { now } from '../state/clock';
import { pendingIn } from '../state/outbox';
import { loadOlder, markRead, type Thread, watch } from '../state/threads';
import { texts } from '../texts';
import { Icon } from './icon';
import { Group } from './message-group';
import { PendingMessages } from './pending-message';
import { lastIndexInView, useScrollKeeper } from './scroll-keeper';

interface MessageLogProps {
  readonly chatSid: string;
  readonly name: string;
  readonly thread: Thread;
}

/** The messages of a chat. */
export function MessageLog({ chatSid, name, thread }: MessageLogProps) {
  const box = useRef<HTMLElement>(null);
  const { messages, unreadSid } = thread;
  const items = useMemo(() => groupMessages(messages, unreadSid), [messages, unreadSid]);
  const pending = pendingIn(chatSid);
  const stateSid = lastOwn(messages);

  const report = () => {
    if (box.current === null || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const index = lastIndexInView(box.current);
    if (index !== null) void markRead(chatSid, index);
  };
  const { isAtEnd, onScroll, toEnd } = useScrollKeeper(box, {
    chatSid,
    isReady: thread.status === 'ready',
    hasOlder: thread.olderCursor !== null,
    hasUnreadLine: unreadSid !== null,
    onNearStart: () => loadOlder(chatSid),
    onView: report,
  });

  useEffect(report, [chatSid, messages]);
  useEffect(() => {
    watch(chatSid, isAtEnd);
    return () => watch(chatSid, false);
  }, [chatSid, isAtEnd]);
  // A scrollable region has to be reachable by keyboard.
  useEffect(() => box.current?.setAttribute('tabindex', '0'), []);
  useEffect(() => {
    window.addEventListener('focus', report);
    document.addEventListener('visibilitychange', report);
    return () => {
      window.removeEventListener('focus', report);
      document.removeEventListener('visibilitychange', report);
    };
  }, [chatSid]);
  // What one has just sent is shown.
  useEffect(() => {
    if (pending.length > 0) toEnd();
  }, [pending.length > 0 && pending.at(-1)?.sendId]);

  const seen = useRef(newestIndex(messages));
  if (isAtEnd) seen.current = newestIndex(messages);
  const unseen = messages.filter(
    ({ author, index }) => author.kind === 'customer' && index > (seen.current ?? -1),
  ).length;

  return (
    <div class="log-box">
      <section
        ref={box}
        class="log"
        role="log"
        aria-label={texts.conversationWith(name)}
        aria-busy={thread.isLoadingOlder}
        onScroll={onScroll}
      >
        <div class="log-content">
          {thread.olderCursor === null ? (
            <p class="log-start">{texts.startOfChat}</p>
          ) : (
            <div class="skeleton-messages" aria-hidden="true">
              <span class="skeleton" />
              <span class="skeleton" />
            </div>
          )}
          {items.map((item) => {
            if (item.kind === 'day') {
              return (
                <h2 key={item.key} class="day">
                  {dayHeading(item.at, now.value)}
                </h2>
              );
            }
            if (item.kind === 'unread') {
              return (
                <div key={item.key} class="unread-line" data-key="unread">
                  <span>{texts.unreadLine}</span>
                </div>
              );
            }
            return <Group key={item.key} group={item} stateSid={stateSid} chatSid={chatSid} />;
          })}
          <PendingMessages pending={pending} chatSid={chatSid} />
        </div>
      </section>
      {!isAtEnd && (
        <button type="button" class="pill pill-bottom" onClick={toEnd}>
          {unseen > 0 ? texts.newMessages(unseen) : <Icon name="down" size={16} />}
          {unseen === 0 && <span class="sr-only">{texts.toEnd}</span>}
        </button>
      )}
    </div>
  );
}

/** The message under which the delivery state stands: the last one, if it is ours. */
function lastOwn(messages: readonly Message[]): string | null {
  return messages.findLast(({ delivery }) => delivery !== null)?.sid ?? null;
}

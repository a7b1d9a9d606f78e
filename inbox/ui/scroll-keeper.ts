import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Anchor, keepAnchor, keptAnchor } from '../state/scroll';

/** Nearer to the end than this counts as the end. */
const END_PX = 40;
/** Nearer to the start than this asks for older messages. */
const START_PX = 600;

interface ScrollKeeperOptions {
  readonly chatSid: string;
  /** Whether the newest page is there. */
  readonly isReady: boolean;
  /** Whether messages before those in the log can be loaded. */
  readonly hasOlder: boolean;
  /** Whether an unread line is in the log: then a chat opens at it. */
  readonly hasUnreadLine: boolean;
  /** Loads older messages. @returns whether some are on their way */
  readonly onNearStart: () => boolean;
  /** Called after each movement, and when the content changed. */
  readonly onView: () => void;
}

/**
 * Keeps the place in a conversation while its content grows above, below or in between: at the end it stays at the
 * end, elsewhere the first message in view stays where it is.
 */
export function useScrollKeeper(box: RefObject<HTMLElement>, options: ScrollKeeperOptions) {
  const { chatSid, isReady, hasUnreadLine } = options;
  const [isAtEnd, setAtEnd] = useState(true);
  const anchor = useRef<Anchor | null>(null);
  const opened = useRef<string | null>(null);
  // The message at which the chat was left is on a page that is not loaded yet.
  const isSeeking = useRef(false);
  const sizes = useRef({ content: 0, view: 0 });
  const latest = useRef(options);
  latest.current = options;

  const restore = () => {
    const element = box.current;
    if (element === null || opened.current !== latest.current.chatSid) return;
    const kept = anchor.current;
    const message = kept === null ? null : messageElement(element, kept.key);
    if (kept === null) element.scrollTop = element.scrollHeight;
    else if (message !== null) element.scrollTop += offsetIn(element, message) - kept.offset;
    sizes.current = { content: element.scrollHeight, view: element.clientHeight };
  };

  const onScroll = () => {
    const element = box.current;
    if (element === null || isSeeking.current || opened.current !== latest.current.chatSid) return;
    // The content changed since: this event is the browser's, not the worker's.
    if (element.scrollHeight !== sizes.current.content || element.clientHeight !== sizes.current.view) {
      restore();
    }
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    anchor.current = rest < END_PX ? null : topMessage(element);
    keepAnchor(latest.current.chatSid, anchor.current);
    setAtEnd(anchor.current === null);
    if (element.scrollTop < START_PX) latest.current.onNearStart();
    latest.current.onView();
  };

  /** Loads older pages until the message is there at which the chat was left. */
  const seek = (element: HTMLElement) => {
    const kept = anchor.current;
    const isThere = kept === null || messageElement(element, kept.key) !== null;
    if (!isThere && latest.current.hasOlder && latest.current.onNearStart()) return;
    if (!isThere) anchor.current = null;
    isSeeking.current = false;
    setAtEnd(anchor.current === null);
  };

  const toEnd = () => {
    isSeeking.current = false;
    anchor.current = null;
    keepAnchor(chatSid, null);
    setAtEnd(true);
    restore();
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !isReady) return;
    if (opened.current !== chatSid) {
      opened.current = chatSid;
      anchor.current = openingAnchor(chatSid, hasUnreadLine);
      isSeeking.current = true;
    }
    if (isSeeking.current) seek(element);
    restore();
    // A short chat shows its unread line and its end at once.
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (!isSeeking.current && anchor.current?.key === 'unread' && rest < END_PX) toEnd();
  });

  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (element === null || !(content instanceof Element)) return;
    const observer = new ResizeObserver(restore);
    observer.observe(element);
    observer.observe(content);
    return () => observer.disconnect();
  }, [chatSid, isReady]);

  // The first page may not fill the view: then no scroll event would ask for the next.
  useEffect(() => {
    const element = box.current;
    if (isReady && element !== null && element.scrollTop < START_PX) options.onNearStart();
  });

  return { isAtEnd, onScroll, toEnd };
}

function openingAnchor(chatSid: string, hasUnreadLine: boolean): Anchor | null {
  const kept = keptAnchor(chatSid) ?? null;
  return kept === null && hasUnreadLine ? { key: 'unread', offset: 24 } : kept;
}

function messageElement(box: HTMLElement, key: string): HTMLElement | null {
  return box.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

function topMessage(box: HTMLElement): Anchor | null {
  for (const message of box.querySelectorAll<HTMLElement>('[data-index]')) {
    const offset = offsetIn(box, message);
    const key = message.dataset['key'];
    if (offset + message.offsetHeight > 0 && key !== undefined) return { key, offset };
  }
  return null;
}

/** How far below the top of the view an element begins. */
function offsetIn(box: HTMLElement, element: HTMLElement): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The index of the last message that is in view; null where none is. */
export function lastIndexInView(box: HTMLElement): number | null {
  const height = box.clientHeight;
  let last: number | null = null;
  for (const message of box.querySelectorAll<HTMLElement>('[data-index]')) {
    if (offsetIn(box, message) + Math.min(message.offsetHeight, height / 2) > height + 4) break;
    last = Number(message.dataset['index']);
  }
  return last;
}

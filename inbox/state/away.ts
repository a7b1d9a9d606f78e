import { effect } from '@preact/signals';
import type { Message } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { texts } from '../texts';
import { announce } from './announcer';
import { chatRow, unreadChats } from './chats';
import { isChatOpen, navigate } from './route';
import { settings } from './settings';
import { playSound } from './sound';

/** Keeps the title and the icon of the tab: how many chats wait. */
export function startBadge(): void {
  effect(() => {
    const count = unreadChats.value;
    document.title = texts.title(count);
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    icon?.setAttribute('href', count > 0 ? '/icon-dot.svg' : '/icon.svg');
  });
}

const notified = new Set<string>();
const shown = new Set<Notification>();

/** Makes a customer's message noticed: sound, notification, and words for a screen reader. Once for each message. */
export function notify(message: Message): void {
  if (message.author.kind !== 'customer' || notified.has(message.sid)) return;
  notified.add(message.sid);
  const row = chatRow(message.chatSid);
  const name = row?.name ?? message.author.name;
  const isOpen = isChatOpen(message.chatSid);
  const isWatched = isOpen && document.visibilityState === 'visible' && document.hasFocus();
  if (!isOpen) announce(texts.newMessageFrom(name));
  if (isWatched) return;
  if (settings.value.sound) playSound().catch(() => undefined);
  if (settings.value.notifications) showNotification(message, name);
}

function showNotification(message: Message, name: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  // The tag makes the notification of another tab, and the previous one of this chat, give way.
  const notification = new Notification(name, {
    body: message.text ?? texts.mediaLine[message.media[0]?.kind ?? 'file'],
    tag: message.chatSid,
    icon: '/icon.svg',
  });
  shown.add(notification);
  notification.addEventListener('close', () => shown.delete(notification));
  notification.addEventListener('click', () => {
    window.focus();
    navigate(paths.chat(message.chatSid));
    notification.close();
  });
}

/** Takes back the notifications of this tab, which show what customers wrote. */
export function closeNotifications(): void {
  for (const notification of shown) notification.close();
}

/** Asks the browser for permission, which only a click may do. @returns whether notifications will be shown */
export async function allowNotifications(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

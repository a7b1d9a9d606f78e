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
  const notification = makeNotification(name, {
    body: message.text ?? texts.mediaLine[message.media[0]?.kind ?? 'file'],
    // It replaces the notification of another tab, and the previous one of this chat.
    tag: message.chatSid,
    icon: '/icon.svg',
  });
  if (notification === null) return;
  shown.add(notification);
  notification.addEventListener('close', () => shown.delete(notification));
  notification.addEventListener('click', () => {
    window.focus();
    navigate(paths.chat(message.chatSid));
    notification.close();
  });
}

/** Null on Android, where Chrome gives the permission but has the constructor for service workers only. */
function makeNotification(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
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

import { signal } from '@preact/signals';

/** What a screen reader says politely; also the short notice that is shown for a moment. */
export const announcement = signal('');
export const notice = signal<string | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something to screen readers only. */
export function announce(text: string): void {
  announcement.value = text;
}

/** Shows a sentence for some seconds, and says it. */
export function showNotice(text: string): void {
  clearTimeout(timer);
  notice.value = text;
  announce(text);
  timer = setTimeout(() => {
    notice.value = null;
  }, 6_000);
}

import { signal } from '@preact/signals';

/** What a screen reader says politely. `id` differs for each, so that the same words are said again. */
export const announcement = signal({ id: 0, text: '' });
/** A sentence that is shown for a moment; null for none. */
export const notice = signal<string | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something to screen readers only. */
export function announce(text: string): void {
  announcement.value = { id: announcement.peek().id + 1, text };
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

import { closeNotifications } from './away';
import { forgetScroll } from './scroll';
import { SETTINGS_KEY } from './settings';
import { storedKeys, writeStored } from './stored';
import { workerKeys } from './worker-keys';

const PREFIX = 'inbox.';

/** Removes from this browser what its workers left: drafts, messages on their way, tokens, places. Settings stay. */
export function wipeWorkers(): void {
  forgetScroll();
  closeNotifications();
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of storedKeys(storage)) {
      if (key.startsWith(PREFIX) && key !== SETTINGS_KEY) writeStored(storage, key, null);
    }
  }
}

/** Removes what other workers left in this browser. */
export function wipeOtherWorkers(identity: string): void {
  const own = workerKeys(identity);
  const isOthers = (key: string) =>
    (key.startsWith(own.anyDraft) && !key.startsWith(own.draft)) ||
    (key.startsWith(own.anyOutbox) && !key.startsWith(own.outbox));
  for (const key of storedKeys(localStorage)) if (isOthers(key)) writeStored(localStorage, key, null);
}

import { signal } from '@preact/signals';
import * as v from 'valibot';
import { readStoredJson, writeStored } from './stored';

const Settings = v.object({
  /** Enter sends and Shift+Enter breaks the line, or the other way round. */
  enterSends: v.optional(v.boolean(), true),
  sound: v.optional(v.boolean(), true),
  notifications: v.optional(v.boolean(), false),
  /** Whether the details stand beside the conversation on a wide screen. */
  detailsOpen: v.optional(v.boolean(), true),
});
type Settings = v.InferOutput<typeof Settings>;

/** Kept when a worker signs out: they are the browser's. */
export const SETTINGS_KEY = 'inbox.settings';

/** The settings of this browser. */
export const settings = signal<Settings>(readSettings(v.parse(Settings, {})));

function readSettings(fallback: Settings): Settings {
  return readStoredJson(localStorage, SETTINGS_KEY, Settings, fallback);
}

// What is turned off in another tab is off here too. The details stay as they are: each window has its own. Nothing is
// written here: two tabs of different releases would overwrite each other without end.
window.addEventListener('storage', ({ key }) => {
  if (key !== SETTINGS_KEY) return;
  const { enterSends, sound, notifications } = readSettings(settings.peek());
  settings.value = { ...settings.peek(), enterSends, sound, notifications };
});

/** Changes some settings, and keeps them. */
export function setSettings(changes: Partial<Settings>): void {
  settings.value = { ...settings.peek(), ...changes };
  writeStored(localStorage, SETTINGS_KEY, JSON.stringify(settings.peek()));
}

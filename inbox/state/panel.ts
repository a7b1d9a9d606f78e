import { computed, signal } from '@preact/signals';
import { addressWithoutHash, goBack, hash, navigate } from './route';
import { setSettings, settings } from './settings';

/** What stands beside a conversation, or slides over it. */
const PANELS = ['details', 'transfer', 'close'] as const;
export type Panel = (typeof PANELS)[number];

const wide = matchMedia('(min-width: 1200px)');
const isWide = signal(wide.matches);
wide.addEventListener('change', () => {
  isWide.value = wide.matches;
});

/** The pane shown; null for none. On a wide screen the details stand there unless they were put away. */
export const panel = computed<Panel | null>(() => {
  const asked = PANELS.find((name) => name === hash.value);
  if (asked !== undefined) return asked;
  return isWide.value && settings.value.detailsOpen ? 'details' : null;
});

/** Shows a pane; with `toggles`, puts it away if it is there. The browser's back closes one that slid over. */
export function showPanel(name: Panel, toggles = false): void {
  const isShown = panel.value === name;
  if (isShown && toggles) {
    closePanel();
    return;
  }
  if (name === 'details' && isWide.value) {
    setSettings({ detailsOpen: true });
    if (hash.value !== '') goBack(addressWithoutHash());
    return;
  }
  if (!isShown) navigate(`${addressWithoutHash()}#${name}`, { replace: hash.value !== '' });
}

/** Puts the pane away. */
export function closePanel(): void {
  if (hash.value !== '') goBack(addressWithoutHash());
  else setSettings({ detailsOpen: false });
}

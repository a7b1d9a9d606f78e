import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../helpers/memory-storage';
import { openPage } from '../helpers/page';

const storage = new MemoryStorage();
openPage('/chats', storage);
const { setSettings, settings, SETTINGS_KEY } = await import('../../../inbox/state/settings');

/** Another tab writes the settings. */
function writeElsewhere(text: string): void {
  storage.setItem(SETTINGS_KEY, text);
  window.dispatchEvent(Object.assign(new Event('storage'), { key: SETTINGS_KEY }));
}

test('a sound that is turned off in one tab is off in the others', () => {
  expect(settings.value.sound).toBe(true);
  writeElsewhere('{"sound":false}');
  expect(settings.value.sound).toBe(false);
  setSettings({ enterSends: false });
  expect(JSON.parse(storage.getItem(SETTINGS_KEY) ?? '')).toMatchObject({ sound: false, enterSends: false });
});

test('details that are closed in one window stay open in the others', () => {
  writeElsewhere('{"detailsOpen":false}');
  expect(settings.value.detailsOpen).toBe(true);
});

test('what another release wrote is left as it is', () => {
  const written = '{"sound":false,"addedLater":1,"enterSends":true}';
  writeElsewhere(written);
  expect(settings.value).toMatchObject({ sound: false, enterSends: true });
  expect(storage.getItem(SETTINGS_KEY)).toBe(written);
});

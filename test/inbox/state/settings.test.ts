import { expect, test } from '@jest/globals';
import { MemoryStorage } from '../helpers/memory-storage';
import { openPage } from '../helpers/page';

const storage = new MemoryStorage();
openPage('/chats', storage);
const { setSettings, settings, SETTINGS_KEY } = await import('../../../inbox/state/settings');

test('a sound that is turned off in one tab is off in the others', () => {
  expect(settings.value.sound).toBe(true);
  storage.setItem(SETTINGS_KEY, '{"sound":false}');
  window.dispatchEvent(Object.assign(new Event('storage'), { key: SETTINGS_KEY }));
  expect(settings.value.sound).toBe(false);
  setSettings({ enterSends: false });
  expect(JSON.parse(storage.getItem(SETTINGS_KEY) ?? '')).toMatchObject({ sound: false, enterSends: false });
});

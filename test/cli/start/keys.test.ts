import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { listenToKeys } from '../../../cli/start/keys';

/** A keyboard, its raw mode, and the actions that its keys cause. */
async function aKeyboard({ isTTY = true, isInForeground = true } = {}) {
  const raw: boolean[] = [];
  const keyboard = Object.assign(new PassThrough(), { isTTY, setRawMode: (to: boolean) => raw.push(to) });
  const done: string[] = [];
  const act = (action: string) => () => done.push(action);
  const actions = { u: act('urls') };
  const keys = await listenToKeys(keyboard, actions, act('interrupt'), async () => isInForeground);
  return { keyboard, keys, raw, done };
}

test('a key causes its action, other keys none, and Ctrl-C interrupts each time', async () => {
  const { keyboard, done } = await aKeyboard();

  for (const key of ['u', 'x', '\u0003', 'u', '\u0003']) {
    keyboard.write(key);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  expect(done).toEqual(['urls', 'interrupt', 'urls', 'interrupt']);
});

test('the state of the keyboard is restored in the end', async () => {
  const { keyboard, keys, raw } = await aKeyboard();
  await keys?.close();

  expect([raw, keyboard.listenerCount('data')]).toEqual([[true, false], 0]);
});

test.each([{ isTTY: false }, { isInForeground: false }])('nothing is read with %j', async (place) => {
  const { keyboard, keys, raw } = await aKeyboard(place);

  expect([keys, raw, keyboard.listenerCount('data')]).toEqual([null, [], 0]);
});

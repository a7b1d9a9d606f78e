import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { discardStdin, readKeys } from '../../../cli/terminal/discard-stdin';
import { terminalPrompts } from '../../../cli/terminal/prompts';

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A keyboard, with its raw mode. */
function aKeyboard() {
  const raw: boolean[] = [];
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (to: boolean) => raw.push(to),
  });
  return { keyboard, raw };
}

test('a key pressed during work does not answer the next prompt', async () => {
  const { keyboard } = aKeyboard();
  const letThrough = discardStdin(keyboard);
  keyboard.write('y');
  await pause();
  letThrough();

  const { signal } = new AbortController();
  const answer = terminalPrompts(keyboard, new PassThrough(), signal).confirm('Delete it?');
  await pause();
  keyboard.write('n');

  expect(await answer).toBe(false);
});

test('Ctrl-C interrupts each time, and the keyboard’s state is restored afterwards', async () => {
  const { keyboard, raw } = aKeyboard();
  let interruptions = 0;
  for (let piece = 0; piece < 2; piece += 1) {
    const letThrough = readKeys(
      keyboard,
      () => {},
      () => {
        interruptions += 1;
      },
    );
    keyboard.write('\u0003');
    await pause();
    letThrough();
  }

  expect([interruptions, raw, keyboard.listenerCount('data')]).toEqual([2, [true, false, true, false], 0]);
});

test('a stdin that is not a keyboard is left alone', () => {
  const pipe = new PassThrough();

  discardStdin(pipe)();

  expect([pipe.listenerCount('data'), pipe.isPaused()]).toEqual([0, false]);
});

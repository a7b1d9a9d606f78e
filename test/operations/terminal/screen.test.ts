import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { Screen } from '../../../operations/terminal/screen';
import { aScreen } from './scripted-screen';

const COLUMNS = 40;

/** A terminal of 40 columns, and all that was written to it. */
function aTerminal() {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: COLUMNS });
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { screen: new Screen(output), chunks };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('long work on a terminal', () => {
  test('shows how far it is, on one line however much there is to say, and in the end that it is done', async () => {
    const { screen, chunks } = aTerminal();

    await screen.task('Import', async (tell) => {
      tell(`1 of 2\n${'x'.repeat(200)}`);
      await pause(200);
    });

    const frames = chunks.filter((chunk) => /[◒◐◓◑]/.test(chunk));
    expect(frames.some((frame) => frame.includes('Import: 1 of 2'))).toBe(true);
    expect(frames.filter((frame) => frame.length >= COLUMNS || frame.includes('\n'))).toEqual([]);
    expect(chunks.at(-1)).toContain('Import\n');
  });

  test('leaves Ctrl-C to the process', async () => {
    const before = process.listenerCount('SIGINT');
    const { screen } = aTerminal();

    await screen.task('Import', async () => {
      expect([process.listenerCount('SIGINT'), process.stdin.listenerCount('keypress')]).toEqual([before, 0]);
    });
  });

  test('that fails is not said to be done, and moves no more', async () => {
    const { screen, chunks } = aTerminal();

    await expect(screen.task('Import', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const after = chunks.length;
    await pause(200);

    expect(chunks.slice(after)).toEqual([]);
    expect(chunks.join('')).not.toContain('✓');
  });
});

test('elsewhere it is plain lines', async () => {
  const { screen, text } = aScreen();

  await screen.task('Import', async (tell) => tell('1 of 2'));

  expect(text()).toBe('  ✓ Import\n');
});

import * as readline from 'node:readline';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ConsoleOutput } from '../../../cli/terminal/console-output';
import { aScreen } from './scripted-screen';

const COLUMNS = 40;

/** A terminal of 40 columns, and all its output. */
function aTerminal() {
  const stream = new PassThrough();
  const output = Object.assign(stream, {
    isTTY: true,
    columns: COLUMNS,
    clearLine: (direction: readline.Direction) => readline.clearLine(stream, direction),
    cursorTo: (column: number) => readline.cursorTo(stream, column),
    moveCursor: (x: number, y: number) => readline.moveCursor(stream, x, y),
  });
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { screen: new ConsoleOutput(output), chunks };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('long work on a terminal', () => {
  test('shows its progress on one line, however long the text, and in the end that it is done', async () => {
    const { screen, chunks } = aTerminal();

    await screen.task('Import', async (onProgress) => {
      onProgress(`1 of 2\n${'x'.repeat(200)}`);
      await pause(200);
    });

    const frames = chunks.filter((chunk) => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(chunk));
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

  test('is not reported as done if it fails, and stops the spinner', async () => {
    const { screen, chunks } = aTerminal();

    await expect(screen.task('Import', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const after = chunks.length;
    await pause(200);

    expect(chunks.slice(after)).toEqual([]);
    expect(chunks.join('')).not.toContain('✓');
  });
});

test('is plain lines without a terminal', async () => {
  const { screen, text } = aScreen();

  await screen.task('Import', async (onProgress) => onProgress('1 of 2'));

  expect(text()).toBe('  ✓ Import\n');
});

describe('text from other sources', () => {
  const ESC = '\u001b';
  const HOSTILE = `Ann${ESC}[2J${ESC}[31m${ESC}]52;c;eA==\u0007\u009b1m\u202e`;

  test('cannot control the terminal', async () => {
    const { screen, chunks } = aTerminal();

    screen.line(HOSTILE);
    screen.heading(HOSTILE);
    screen.pass(HOSTILE);
    screen.fail(HOSTILE, HOSTILE);
    screen.limited(HOSTILE, HOSTILE);
    screen.skip(HOSTILE);
    screen.plan(HOSTILE);
    screen.detail(`- ${HOSTILE}  ${screen.dim(HOSTILE)}`);
    screen.data(HOSTILE);
    await screen.task(HOSTILE, async (onProgress) => onProgress(HOSTILE));

    const written = chunks.join('');
    expect(written).toContain('Ann');
    // None of these are among the output's own colours or used to erase the spinner.
    for (const sequence of [`${ESC}[2J`, `${ESC}]`, `${ESC}[31mAnn`, '\u0007', '\u009b', '\u202e']) {
      expect(written).not.toContain(sequence);
    }
  });

  test('leaves the output’s own colours', () => {
    const { screen, chunks } = aTerminal();

    screen.line(`${screen.styled('red', 'a')} ${screen.styled('dim', 'b')}`);

    const coloured = `${ESC}[31ma${ESC}[39m ${ESC}[2mb${ESC}[22m\n`;
    // Without colours if NO_COLOR is set.
    expect([coloured, 'a b\n']).toContain(chunks.join(''));
  });

  test('goes to a program verbatim', () => {
    const { screen, text } = aScreen();

    screen.data(HOSTILE);

    expect(text()).toBe(HOSTILE);
  });
});

import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { terminalPrompts } from '../../../cli/terminal/prompts';
import { CancelledError } from '../../../lib/user-error';

const NOTHING_WRONG = () => null;
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

/** A person at a terminal who types these keys in order; and the terminal's output. */
function typing(...keys: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown: string[] = [];
  output.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
  const interruption = new AbortController();
  const prompts = terminalPrompts(input, output, interruption.signal);
  const type = async () => {
    for (const key of keys) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      input.write(key);
    }
  };
  return { prompts, type, interruption, shown: () => shown.join('') };
}

describe('prompts at the terminal', () => {
  test('return the text without surrounding blanks', async () => {
    const { prompts, type } = typing(' +1415', '\r');
    const answer = prompts.text('A number', NOTHING_WRONG);
    await type();

    expect(await answer).toBe('+1415');
  });

  test('report an invalid value, which is then corrected', async () => {
    const { prompts, type, shown } = typing('x', '\r', 'y', '\r');
    const answer = prompts.text('Two letters', (text) => (text.length === 2 ? null : 'Two, please'));
    await type();

    expect([await answer, shown().includes('Two, please')]).toEqual(['xy', true]);
  });

  test('do not show a secret', async () => {
    const { prompts, type, shown } = typing('s3cret', '\r');
    const answer = prompts.secret('A token', NOTHING_WRONG);
    await type();

    expect([await answer, shown().includes('s3cret')]).toEqual(['s3cret', false]);
  });

  test('offer a list of choices', async () => {
    const { prompts, type } = typing(DOWN, '\r');
    const answer = prompts.select('Which', [
      { value: 'a', label: 'The first' },
      { value: 'b', label: 'The second' },
    ]);
    await type();

    expect(await answer).toBe('b');
  });

  test.each([
    ['y', true],
    ['n', false],
  ])('ask for confirmation: %s', async (key, expected) => {
    const { prompts, type } = typing(key);
    const answer = prompts.confirm('Continue?');
    await type();

    expect(await answer).toBe(expected);
  });

  test('leave no listener behind after an answer that a later interruption would trigger', async () => {
    const { prompts, type, interruption } = typing('y');
    const answer = prompts.confirm('Continue?');
    await type();
    await answer;

    expect(getEventListeners(interruption.signal, 'abort')).toEqual([]);
  });

  test.each([
    ['yes', true],
    ['no', false],
  ] as const)('take Enter alone as %s, if that is its meaning', async (enterMeans, expected) => {
    const input = new PassThrough();
    const { signal } = new AbortController();
    const answer = terminalPrompts(input, new PassThrough(), signal, enterMeans).confirm('Continue?');
    input.write('\r');

    expect(await answer).toBe(expected);
  });

  test('are cancelled by Ctrl-C', async () => {
    const { prompts, type } = typing(CTRL_C);
    const answer = expect(prompts.confirm('Continue?')).rejects.toBeInstanceOf(CancelledError);
    await type();

    await answer;
  });

  test('end when the command is interrupted', async () => {
    const { prompts, interruption } = typing();
    const answer = expect(prompts.confirm('Continue?')).rejects.toBeInstanceOf(CancelledError);
    interruption.abort();

    await answer;
  });
});

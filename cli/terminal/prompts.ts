import type { Readable } from 'node:stream';
import * as clack from '@clack/prompts';
import { printable, printableLine } from '../../lambdas/characters/visible-text';
import { CancelledError } from '../../lib/user-error';
import type { Output } from './console-output';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Returns the problem of an input; null if it is valid. */
type Validate = (text: string) => string | null;

/** Prompts for input. */
export interface Prompts {
  confirm(message: string): Promise<boolean>;
  text(message: string, validate: Validate): Promise<string>;
  /** As `text`, but the input is neither shown nor kept in the scrollback. */
  secret(message: string, validate: Validate): Promise<string>;
  select(message: string, choices: readonly Choice[]): Promise<string>;
}

/**
 * Prompts at the terminal; the signal ends a prompt.
 * @param enterMeans the value of Enter alone at a yes/no prompt
 * @throws {CancelledError} from every prompt
 */
export function terminalPrompts(
  input: Readable,
  output: Output,
  signal: AbortSignal,
  enterMeans: 'yes' | 'no' = 'yes',
): Prompts {
  const prompt = async <T>(
    show: (options: clack.CommonOptions) => Promise<T | typeof clack.CANCEL_SYMBOL>,
  ): Promise<T> => {
    // Clack never removes its listener from a signal: each prompt gets a signal of its own, so that no listener is
    // left.
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const answer = await show({ input, output, signal: ending.signal, withGuide: false });
    signal.removeEventListener('abort', end);
    if (clack.isCancel(answer)) throw new CancelledError();
    return answer;
  };
  const line =
    (show: typeof clack.text | typeof clack.password) => async (text: string, validate: Validate) => {
      const message = printable(text);
      const problemOf = (input: string | undefined) => {
        const problem = validate(input?.trim() ?? '');
        return problem === null ? undefined : printable(problem);
      };
      return (await prompt((options) => show({ ...options, message, validate: problemOf }))).trim();
    };
  return {
    confirm: (message) =>
      prompt((options) =>
        clack.confirm({ ...options, message: printable(message), initialValue: enterMeans === 'yes' }),
      ),
    text: line(clack.text),
    secret: line(clack.password),
    select: (message, choices) => {
      const shown = choices.map(({ value, label }) => ({ value, label: printableLine(label) }));
      return prompt((options) => clack.select({ ...options, message: printable(message), options: shown }));
    },
  };
}

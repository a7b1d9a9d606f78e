import type { Readable } from 'node:stream';
import {
  type CANCEL_SYMBOL,
  type CommonOptions,
  confirm,
  isCancel,
  password,
  select,
  text,
} from '@clack/prompts';
import { printable, printableLine } from '../../lambdas/characters/visible-text';
import { Cancelled } from './cancelled';
import type { Output } from './console-output';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Prompts for input. */
export interface Questions {
  agree(question: string): Promise<boolean>;
  /** @param validate returns the problem of an input; null if it is valid. */
  answer(question: string, validate: (answer: string) => string | null): Promise<string>;
  /** As `answer`, but the input is neither shown nor kept in the scrollback. */
  secret(question: string, validate: (answer: string) => string | null): Promise<string>;
  choose(question: string, choices: readonly Choice[]): Promise<string>;
}

/**
 * Prompts at the terminal; the signal ends a prompt.
 * @param enterMeans the value of Enter alone at a yes/no prompt.
 * @throws {Cancelled} from every prompt
 */
export function askPerson(
  input: Readable,
  output: Output,
  signal: AbortSignal,
  enterMeans: 'yes' | 'no' = 'yes',
): Questions {
  const ask = async <T>(
    question: (options: CommonOptions) => Promise<T | typeof CANCEL_SYMBOL>,
  ): Promise<T> => {
    // Clack never removes its listener from a signal: each prompt gets a signal of its own, so that no listener is
    // left.
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const answer = await question({ input, output, signal: ending.signal, withGuide: false });
    signal.removeEventListener('abort', end);
    if (isCancel(answer)) throw new Cancelled();
    return answer;
  };
  const validating = (validate: (answer: string) => string | null) => (answer: string | undefined) => {
    const problem = validate(answer?.trim() ?? '');
    return problem === null ? undefined : printable(problem);
  };
  return {
    agree: (message) =>
      ask((options) =>
        confirm({ ...options, message: printable(message), initialValue: enterMeans === 'yes' }),
      ),
    answer: async (message, validate) =>
      (
        await ask((options) =>
          text({ ...options, message: printable(message), validate: validating(validate) }),
        )
      ).trim(),
    secret: async (message, validate) =>
      (
        await ask((options) =>
          password({ ...options, message: printable(message), validate: validating(validate) }),
        )
      ).trim(),
    choose: (message, choices) => {
      const shown = choices.map(({ value, label }) => ({ value, label: printableLine(label) }));
      return ask((options) => select({ ...options, message: printable(message), options: shown }));
    },
  };
}

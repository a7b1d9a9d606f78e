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

/** Whoever can be asked. */
export interface Questions {
  agree(question: string): Promise<boolean>;
  /** @param validate says what is wrong with an answer; null for nothing. */
  answer(question: string, validate: (answer: string) => string | null): Promise<string>;
  /** As `answer`, and nobody who looks over a shoulder or scrolls back can read it. */
  secret(question: string, validate: (answer: string) => string | null): Promise<string>;
  choose(question: string, choices: readonly Choice[]): Promise<string>;
}

/**
 * The person at the terminal; the signal ends a question.
 * @param enterMeans what Enter alone says to a question that yes or no answers.
 * @throws {Cancelled} from every question
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
    // Clack never stops listening to a signal: one of its own for each question leaves none of them listening later.
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

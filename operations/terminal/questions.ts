import type { Readable } from 'node:stream';
import { type CANCEL_SYMBOL, confirm, isCancel, password, select, text } from '@clack/prompts';
import { Cancelled } from './cancelled';
import type { Output } from './screen';

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

/** The person at the terminal; the signal ends a question. @throws {Cancelled} from every question */
export function askPerson(input: Readable, output: Output, signal: AbortSignal): Questions {
  const streams = { input, output, signal, withGuide: false };
  const validating = (validate: (answer: string) => string | null) => (answer: string | undefined) =>
    validate(answer?.trim() ?? '') ?? undefined;
  return {
    agree: async (message) => given(await confirm({ ...streams, message })),
    answer: async (message, validate) =>
      given(await text({ ...streams, message, validate: validating(validate) })).trim(),
    secret: async (message, validate) =>
      given(await password({ ...streams, message, validate: validating(validate) })).trim(),
    choose: async (message, choices) =>
      given(
        await select({ ...streams, message, options: choices.map(({ value, label }) => ({ value, label })) }),
      ),
  };
}

function given<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) throw new Cancelled();
  return answer;
}

import { PassThrough } from 'node:stream';
import { ConsoleOutput } from '../../../cli/terminal/console-output';
import type { Prompts } from '../../../cli/terminal/prompts';

/** A screen without a terminal, and all its output. */
export function aScreen(): { readonly screen: ConsoleOutput; readonly text: () => string } {
  const chunks: string[] = [];
  const output = new PassThrough();
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { screen: new ConsoleOutput(output), text: () => chunks.join('') };
}

/** Prompts with scripted answers, and a record of all prompts. */
export function scriptedPrompts(
  answers: readonly (string | boolean)[],
): Prompts & { readonly asked: string[] } {
  const asked: string[] = [];
  const left = [...answers];
  const next = (question: string): string | boolean => {
    asked.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`No scripted answer to: ${question}`);
    return answer;
  };
  const words = async (question: string, validate: (answer: string) => string | null): Promise<string> => {
    for (;;) {
      const answer = String(next(question));
      if (validate(answer) === null) return answer;
    }
  };
  return {
    asked,
    confirm: async (question) => next(question) === true,
    text: words,
    secret: words,
    select: async (question) => String(next(question)),
  };
}

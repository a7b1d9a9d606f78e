import { AsyncLocalStorage } from 'node:async_hooks';
import { Writable } from 'node:stream';
import * as v from 'valibot';
import type { InvocationResult } from '../../emulators/lambda/invocation';
import { printable } from '../../lambdas/characters/visible-text';
import { describeEvent } from '../logs/describe-event';
import { eventsIn, LogFile } from '../logs/local-log';
import { readLogLine } from '../logs/log-line';
import { ConsoleOutput } from '../terminal/console-output';

type Chunk = string | Uint8Array;

/**
 * The log of the functions in this process. Everything that is written to stdout and stderr counts as theirs; both are
 * merged on stdout, as Lambda does. Otherwise warnings would be out of order, and missing if stdout is piped.
 */
export class FunctionLog {
  /** For the command's own output, which is not part of the log: on stderr if the log lines on stdout are JSON. */
  readonly screen: ConsoleOutput;
  readonly #write = process.stdout.write.bind(process.stdout);
  readonly #held = new AsyncLocalStorage<Chunk[]>();
  readonly #restore: () => void;
  #file: LogFile | null = null;
  /** The beginning of a line whose end is not written yet. */
  #rest = '';

  /** @param format a readable line for each request, or the log lines verbatim */
  constructor(private readonly format: 'readable' | 'json') {
    const { stdout, stderr } = process;
    this.screen = new ConsoleOutput(this.#terminal());
    const [toStdout, toStderr] = [stdout.write, stderr.write];
    stdout.write = (chunk: Chunk) => this.#take(chunk);
    stderr.write = (chunk: Chunk) => this.#take(chunk);
    this.#restore = () => {
      stdout.write = toStdout;
      stderr.write = toStderr;
    };
  }

  /** From now on, appends the log to the file. Reports once if it is not writable, and continues without it. */
  keepIn(path: string): void {
    this.#file = new LogFile(path, (reason) =>
      this.screen.line(`The log cannot be written to ${path}: ${reason}`),
    );
  }

  /** Buffers the task's output. @returns the task's result, and the text to write or to drop */
  async hold<T>(task: () => Promise<T>): Promise<{ readonly result: T; readonly text: string }> {
    const chunks: Chunk[] = [];
    const result = await this.#held.run(chunks, task);
    return { result, text: chunks.map(textOf).join('') };
  }

  /** Ends the log: what is written from now on is output of the command. */
  async close(): Promise<void> {
    this.#restore();
  }

  #take(chunk: Chunk): boolean {
    const chunks = this.#held.getStore();
    if (chunks) {
      chunks.push(chunk);
      return true;
    }
    this.#file?.append(chunk);
    // The file keeps the text verbatim; the terminal must not interpret control characters in it.
    if (this.format === 'json') return this.#write(printable(textOf(chunk)));
    this.#show(textOf(chunk));
    return true;
  }

  #show(text: string): void {
    const all = this.#rest + text;
    const end = all.lastIndexOf('\n') + 1;
    this.#rest = all.slice(end);
    const place = {
      styled: (...[style, words]: Parameters<ConsoleOutput['styled']>) => this.screen.styled(style, words),
      width: process.stdout.columns ?? Number.POSITIVE_INFINITY,
      isToday: true,
    };
    for (const event of eventsIn(all.slice(0, end), Date.now())) {
      const line = readLogLine(event.text);
      if (line.kind !== 'noise') this.screen.line(describeEvent(event, line, place));
    }
  }

  /** Stdout or stderr itself, as a stream for `screen`. */
  #terminal() {
    const output = this.format === 'json' ? process.stderr : process.stdout;
    const { isTTY, columns = 80 } = output;
    const write = output.write.bind(output);
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        write(chunk);
        done();
      },
    });
    return Object.assign(stream, { isTTY, columns });
  }
}

function textOf(chunk: Chunk): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
}

const None = v.literal(0);

/** The log line of a run of sync without changes. */
const NothingHappened = v.looseObject({
  level: v.literal('INFO'),
  kind: v.picklist(['drain', 'outbox', 'busy']),
  recordsRead: None,
  customersWritten: None,
  customersDeleted: None,
  ticks: None,
  unticks: None,
  ticksRestored: None,
});

/** Whether a scheduled run of sync did nothing worth logging. Every line must show that. */
export function isQuiet(result: InvocationResult, text: string): boolean {
  const lines = text.split('\n').filter((line) => line !== '');
  return result.kind === 'returned' && lines.every((line) => v.is(NothingHappened, parseJson(line)));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

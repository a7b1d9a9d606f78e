import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import ora from 'ora';
import { printable, printableLine } from '../../lambdas/characters/visible-text';
import type { OnProgress } from '../plan/plan';

type Style = Parameters<typeof styleText>[0];

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const INDENT = 2;
/** The fewest characters of a text beside the spinner. */
const NARROWEST = 15;
/** The longest silence of long work where there is no terminal. */
const QUIET_MS = 10_000;

/**
 * A command's output. On a terminal it has colours and a spinner; elsewhere it is plain lines. Text from other sources
 * cannot control the terminal: of all control characters only the output's own colours pass.
 */
export class ConsoleOutput {
  /** Marks the beginning or end of a style until the text is printable. The marks cannot be guessed. */
  readonly #mark = randomUUID();
  readonly #sequences: string[] = [];

  constructor(readonly output: Output) {}

  line(text = ''): void {
    this.output.write(`${this.#paint(printable(text))}\n`);
  }

  /** Rows of cells, in columns. */
  table(rows: readonly (readonly string[])[]): void {
    const widths =
      rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    for (const row of rows) {
      const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      this.line(padded.join('  ').trimEnd());
    }
  }

  /** Text for a program, such as CSV: verbatim, unless it goes to a terminal. */
  data(text: string): void {
    this.output.write(this.output.isTTY ? printable(text) : text);
  }

  heading(text: string): void {
    this.line(`\n${this.styled('bold', text)}`);
  }

  pass(text: string): void {
    this.line(`  ${this.styled('green', '✓')} ${text}`);
  }

  /** @param fix printed below. */
  fail(text: string, fix: string): void {
    this.line(`  ${this.styled('red', '✗')} ${text}`);
    this.detail(fix);
  }

  /** It works with limits. @param fix how to remove them, printed below. */
  limited(text: string, fix: string): void {
    this.line(`  ${this.styled('yellow', '!')} ${text}`);
    this.detail(fix);
  }

  skip(text: string): void {
    this.line(`  ${this.styled('yellow', '–')} ${text}`);
  }

  /** A step of a plan, not applied yet. */
  plan(text: string): void {
    this.line(`  ${this.styled('cyan', '→')} ${text}`);
  }

  /** Indented below another line. */
  detail(text: string): void {
    for (const line of text.split('\n')) this.line(`      ${line}`);
  }

  dim(text: string): string {
    return this.styled('dim', text);
  }

  /** Does work that may take a while, and prints that it is done. Each progress message replaces the one before. */
  async task<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
    const result = await this.working(title, work);
    this.pass(title);
    return result;
  }

  /** Likewise, but the caller prints the outcome. */
  async working<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
    if (!this.output.isTTY) return work(this.#nowAndThen(title));
    // Not clack's spinner, because that takes Ctrl-C from the process and ends it with status 0 in the middle of work.
    const spinner = ora({
      text: this.#oneLine(title),
      stream: this.output,
      indent: INDENT,
      hideCursor: false,
      isEnabled: true,
    }).start();
    try {
      return await work((progress) => {
        spinner.text = this.#oneLine(`${title}: ${progress}`);
      });
    } finally {
      spinner.stop();
    }
  }

  /** A text that fits beside the spinner: of a wrapped line, a part would be left. */
  #oneLine(text: string): string {
    const room = (this.output.columns ?? 80) - INDENT - '⠋  '.length;
    return printableLine(text).slice(0, Math.max(NARROWEST, room));
  }

  /** Where text cannot be replaced, a line now and then shows that the work continues. */
  #nowAndThen(title: string): OnProgress {
    let saidAt = performance.now();
    return (progress) => {
      if (performance.now() - saidAt < QUIET_MS) return;
      saidAt = performance.now();
      this.line(`  … ${title}: ${progress}`);
    };
  }

  /** The text in a style, for `line`. */
  styled(style: Style, text: string): string {
    if (!this.output.isTTY) return text;
    const [begin = '', end = ''] = styleText(style, '\0', { stream: this.output }).split('\0');
    return `${this.#markFor(begin)}${text}${this.#markFor(end)}`;
  }

  #markFor(sequence: string): string {
    if (!this.#sequences.includes(sequence)) this.#sequences.push(sequence);
    return `<${this.#mark}:${this.#sequences.indexOf(sequence)}>`;
  }

  #paint(text: string): string {
    return this.#sequences.reduce(
      (painted, sequence, index) => painted.replaceAll(`<${this.#mark}:${index}>`, sequence),
      text,
    );
  }
}

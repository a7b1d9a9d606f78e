import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { printable } from '../../lambdas/characters/visible-text';
import { ignoreKeys } from './discard-stdin';
import { Spinner } from './spinner';

type Style = Parameters<typeof styleText>[0];

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** How long work may go on off a terminal without a word. */
const QUIET_MS = 10_000;

/**
 * Where a command writes. On a terminal it is coloured and long work moves; elsewhere it is plain lines. Nothing that
 * comes from others steers the terminal: of all control characters only the screen's own colours get through.
 */
export class Screen {
  /** Stands for the beginning or end of a style until the text is printable. None can be guessed. */
  readonly #mark = randomUUID();
  readonly #sequences: string[] = [];

  constructor(readonly output: Output) {}

  line(text = ''): void {
    this.output.write(`${this.#paint(printable(text))}\n`);
  }

  /** A text for a program, such as CSV: to the letter, unless it is a person who reads it. */
  data(text: string): void {
    this.output.write(this.output.isTTY ? printable(text) : text);
  }

  heading(text: string): void {
    this.line(`\n${this.styled('bold', text)}`);
  }

  right(text: string): void {
    this.line(`  ${this.styled('green', '✓')} ${text}`);
  }

  /** @param remedy what to do about it, under it. */
  wrong(text: string, remedy: string): void {
    this.line(`  ${this.styled('red', '✗')} ${text}`);
    this.detail(remedy);
  }

  /** Something that works, but not as well as it could. @param remedy what to do for more, under it. */
  limited(text: string, remedy: string): void {
    this.line(`  ${this.styled('yellow', '!')} ${text}`);
    this.detail(remedy);
  }

  unknown(text: string): void {
    this.line(`  ${this.styled('yellow', '?')} ${text}`);
  }

  /** Something that is to be done. */
  plan(text: string): void {
    this.line(`  ${this.styled('cyan', '→')} ${text}`);
  }

  /** Under another line, each of its own lines set in. */
  detail(text: string): void {
    for (const line of text.split('\n')) this.line(`      ${line}`);
  }

  dim(text: string): string {
    return this.styled('dim', text);
  }

  /** Does work that may take a while, and says that it is done. What the work tells replaces what it told before. */
  async task<T>(title: string, work: (tell: (progress: string) => void) => Promise<T>): Promise<T> {
    const result = await this.working(title, work);
    this.right(title);
    return result;
  }

  /** Likewise, and what it came to is for the caller to say. */
  async working<T>(title: string, work: (tell: (progress: string) => void) => Promise<T>): Promise<T> {
    if (!this.output.isTTY) return work(this.#nowAndThen(title));
    const moving = new Spinner(this.output, title);
    const letThrough = ignoreKeys(process.stdin, () => process.kill(process.pid, 'SIGINT'));
    try {
      return await work((progress) => moving.say(`${title}: ${progress}`));
    } finally {
      letThrough();
      moving.clear();
    }
  }

  /** Where nothing can be replaced, a line now and then says that the work goes on. */
  #nowAndThen(title: string): (progress: string) => void {
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

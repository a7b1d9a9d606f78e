import { clearLine, cursorTo } from 'node:readline';
import { printableLine } from '../../lambdas/characters/visible-text';
import type { Output } from './console-output';

const FRAMES = ['◒', '◐', '◓', '◑'];
const FRAME_MS = 80;
const NARROWEST = 20;

/**
 * A spinner on the last line. Not clack's spinner, because that takes Ctrl-C from the process and ends it with status
 * 0 in the middle of work.
 */
export class Spinner {
  #frame = 0;
  #text: string;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly output: Output,
    text: string,
  ) {
    this.#text = text;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  say(text: string): void {
    this.#text = text;
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #draw(): void {
    this.#erase();
    const frame = FRAMES[this.#frame % FRAMES.length];
    this.#frame += 1;
    // No longer than the terminal is wide: of a wrapped line only the last part could be erased.
    const room = Math.max(NARROWEST, (this.output.columns ?? 80) - 1);
    this.output.write(`  ${frame} ${printableLine(this.#text)}`.slice(0, room));
  }

  #erase(): void {
    clearLine(this.output, 0);
    cursorTo(this.output, 0);
  }
}

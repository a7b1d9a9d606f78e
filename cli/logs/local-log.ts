import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError, errorCode, errorMessage } from '../../lambdas/errors';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/function-names';
import { type LogEvent, type LogSource, readLogLine } from './log-line';

/** The log of the functions on this machine: the files that `npm start` writes. */
export function localLog(path: string): LogSource {
  return {
    place: path,
    // A line of another origin has no time of its own: it gets the time of the next line.
    lateByMs: Number.POSITIVE_INFINITY,
    read: async (since) => {
      const { text, changedAt } = await readLog(path);
      return eventsIn(text, changedAt).filter(({ at }) => at >= since);
    },
  };
}

async function readLog(path: string): Promise<{ readonly text: string; readonly changedAt: number }> {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs: changedAt } = await stat(path);
    return { text: (await readEarlierLog(path)) + text, changedAt };
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new ConfigurationError([`There is no log ${path}; npm start creates it`], { cause });
  }
}

async function readEarlierLog(path: string): Promise<string> {
  try {
    return await readFile(earlierLogFile(path), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** The events of the file's text. @param changedAt the file's modification time, for lines without a time. */
export function eventsIn(text: string, changedAt: number): readonly LogEvent[] {
  const events: LogEvent[] = [];
  const pieces = piecesOf(text);
  const ids = idsOf(pieces);
  let at = changedAt;
  for (const [index, piece] of [...pieces.entries()].reverse()) {
    const line = readLogLine(piece);
    if (line.kind === 'response') at = Date.parse(line.response.timestamp);
    if (line.kind === 'run') at = Date.parse(line.run.timestamp);
    const callback = line.kind === 'run' ? 'sync' : functionOf(piece);
    events.push({ id: ids[index] ?? '', at, callback, text: piece });
  }
  return events.reverse();
}

/** Of equal pieces, each has its number, so that an id is stable while the log grows and when it begins again. */
function idsOf(pieces: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return pieces.map((piece) => {
    const count = counts.get(piece) ?? 0;
    counts.set(piece, count + 1);
    return `${count} ${piece}`;
  });
}

/** The file's lines; a stack trace and other indented lines join the line before. A partly written line is left out. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const last = pieces.at(-1);
    const continues = /^\s+\S/.test(line) && last !== undefined && !last.startsWith('{');
    if (continues) pieces[pieces.length - 1] = `${last}\n${line}`;
    else pieces.push(line);
  }
  return pieces;
}

/** The gateway's message for a function that crashed or timed out: `{request} crm timed out after 6000 ms`. */
const OF_GATEWAY = /^[0-9a-f-]{36} ([a-z-]+) /;

function functionOf(text: string): FunctionName | null {
  const name = OF_GATEWAY.exec(text)?.[1];
  return FUNCTION_NAMES.find((each) => each === name) ?? null;
}

/** The file with the functions' log of `npm start`. */
export function functionLogFile(directory: string): string {
  return join(directory, '.frontline', 'service.log');
}

/** The file that was full before. */
function earlierLogFile(path: string): string {
  return `${path}.1`;
}

const MAX_BYTES = 5_000_000;

/**
 * Appends to a file, synchronously, so that even after a kill the last output is in it. A full file replaces the
 * earlier one, and a new one begins.
 */
export class LogFile {
  #isUsable = true;
  #bytes = 0;

  /** @param warn called once with the reason if the file is not writable */
  constructor(
    private readonly path: string,
    private readonly warn: (reason: string) => void,
    private readonly maxBytes = MAX_BYTES,
  ) {
    this.#attempt(() => {
      mkdirSync(dirname(path), { recursive: true });
      this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      appendFileSync(path, '');
    });
  }

  append(chunk: string | Uint8Array): void {
    this.#attempt(() => {
      if (this.#bytes >= this.maxBytes) {
        renameSync(this.path, earlierLogFile(this.path));
        this.#bytes = 0;
      }
      appendFileSync(this.path, chunk);
      this.#bytes += Buffer.byteLength(chunk);
    });
  }

  #attempt(write: () => void): void {
    if (!this.#isUsable) return;
    try {
      write();
    } catch (error) {
      this.#isUsable = false;
      this.warn(errorMessage(error));
    }
  }
}

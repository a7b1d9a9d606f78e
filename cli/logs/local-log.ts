import { readFile, stat } from 'node:fs/promises';
import { ConfigurationError, errorCode } from '../../lambdas/errors';
import { FUNCTION_NAMES, type FunctionName } from '../aws/function-name';
import { readLogLine } from './log-line';
import type { LogEvent, LogSource } from './log-source';

/** The log of the functions on this machine: the file that `npm start` writes, and truncates at each start. */
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
    return { text, changedAt: (await stat(path)).mtimeMs };
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new ConfigurationError([`There is no log ${path}; npm start creates it`], { cause });
  }
}

interface Piece {
  readonly offset: number;
  readonly text: string;
}

/** The events of the file's text. @param changedAt the file's modification time, for lines without a time. */
export function eventsIn(text: string, changedAt: number): readonly LogEvent[] {
  const events: LogEvent[] = [];
  let at = changedAt;
  for (const { offset, text: piece } of piecesOf(text).reverse()) {
    const line = readLogLine(piece);
    if (line.kind === 'answer') at = Date.parse(line.answer.timestamp);
    if (line.kind === 'run') at = Date.parse(line.run.timestamp);
    const callback = line.kind === 'run' ? 'sync' : functionOf(piece);
    events.push({ id: `${offset} ${piece}`, at, callback, text: piece });
  }
  return events.reverse();
}

/** The file's lines; a stack trace and other indented lines join the line before. A partly written line is left out. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const last = pieces.at(-1);
    const continues = /^\s+\S/.test(line) && last !== undefined && !last.text.startsWith('{');
    if (continues) pieces[pieces.length - 1] = { ...last, text: `${last.text}\n${line}` };
    else pieces.push({ offset, text: line });
    offset += line.length + 1;
  }
  return pieces;
}

/** The gateway's message for a function that crashed or timed out: `{request} crm timed out after 6000 ms`. */
const OF_GATEWAY = /^[0-9a-f-]{36} ([a-z-]+) /;

function functionOf(text: string): FunctionName | null {
  const name = OF_GATEWAY.exec(text)?.[1];
  return FUNCTION_NAMES.find((each) => each === name) ?? null;
}

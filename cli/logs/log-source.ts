import type { FunctionName } from '../aws/function-name';

/** A line of a function's log, verbatim. */
export interface LogEvent {
  /** Stable: the same event has the same id whenever it is read. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The callback whose log it is in; null if the source does not show that. */
  readonly callback: FunctionName | null;
  readonly text: string;
}

/** A source of the functions' logs. */
export interface LogSource {
  /** Its name in messages. */
  readonly place: string;
  /** How many milliseconds after it happened an event may still arrive. */
  readonly lateByMs: number;
  /** Everything written since then, oldest first. @throws {KnownError} */
  read(since: number, signal: AbortSignal): Promise<readonly LogEvent[]>;
}

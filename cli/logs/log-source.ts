import type { FunctionName } from '../aws/function-name';

/** Something that a function wrote, as it wrote it. */
export interface LogEvent {
  /** The same for the same event, however often it is read. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose log it is in; null where that cannot be told from where it was. */
  readonly callback: FunctionName | null;
  readonly text: string;
}

/** Where the functions' logs are. */
export interface LogSource {
  /** As an answer names it. */
  readonly place: string;
  /** How many milliseconds after it happened an event may still turn up. */
  readonly lateByMs: number;
  /** What was written since then, oldest first. @throws {KnownError} */
  read(since: number, signal: AbortSignal): Promise<readonly LogEvent[]>;
}

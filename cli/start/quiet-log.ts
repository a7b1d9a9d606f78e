import * as v from 'valibot';
import type { InvocationResult } from '../../emulators/lambda/invocation';

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

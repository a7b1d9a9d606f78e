import type { InvocationResult } from '../lambda/invocation';

/** Whether a scheduled run of sync did nothing that a person wants to read of. */
export function isQuiet(result: InvocationResult, _text: string): boolean {
  return result.kind === 'returned';
}

import type { InvocationResult } from './invocation';

/** What Lambda returns as the payload of an invocation that failed; null for one that did not. */
export function functionError(result: InvocationResult, timeoutMilliseconds: number): object | null {
  switch (result.kind) {
    case 'returned':
      return null;
    case 'timed-out': {
      const seconds = (timeoutMilliseconds / 1000).toFixed(2);
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${result.requestId} Error: Task timed out after ${seconds} seconds`,
      };
    }
    case 'failed': {
      const { error } = result;
      return error instanceof Error
        ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
        : { errorType: typeof error, errorMessage: String(error), trace: [] };
    }
  }
}

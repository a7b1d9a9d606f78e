import type { InvocationResult } from './invocation';

/** The payload that Lambda returns for a failed invocation; null for a successful one. */
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

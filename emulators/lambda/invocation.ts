import type { Context } from 'aws-lambda';
import { lambdaContext } from '../gateway/lambda-context';

/** A function that runs in this process. */
export interface InvokableFunction<Event> {
  readonly name: string;
  /** Milliseconds after which Lambda ends the invocation. */
  readonly timeoutMilliseconds: number;
  /** A method, as its own middleware adds to the context what its type asks for besides Lambda's. */
  handler(event: Event, context: Context): unknown;
}

/** How an invocation ended. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly requestId: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: unknown }
  | { readonly kind: 'timed-out'; readonly requestId: string };

/**
 * Runs a function once, with Lambda's context. Of a failure and a time-out `log` is told what Lambda writes into the
 * function's log by itself. A function that timed out goes on here, where Lambda would freeze it.
 */
export async function invokeFunction<Event>(
  { name, timeoutMilliseconds, handler }: InvokableFunction<Event>,
  event: Event,
  log: (line: string) => void,
): Promise<InvocationResult> {
  const context = lambdaContext(name, timeoutMilliseconds);
  const { awsRequestId: requestId } = context;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<InvocationResult>((resolve) => {
    timer = setTimeout(() => {
      log(`${requestId} ${name} timed out after ${timeoutMilliseconds} ms`);
      resolve({ kind: 'timed-out', requestId });
    }, timeoutMilliseconds);
  });
  const done = Promise.resolve()
    .then(() => handler(event, context))
    .then(
      (value): InvocationResult => ({ kind: 'returned', requestId, value }),
      (error: unknown): InvocationResult => {
        log(`${requestId} ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
        return { kind: 'failed', requestId, error };
      },
    );
  return Promise.race([done, timeUp]).finally(() => clearTimeout(timer));
}

import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** A function that runs in this process. */
export interface InvokableFunction<Event> {
  readonly name: string;
  /** Milliseconds after which Lambda terminates the invocation. */
  readonly timeoutMilliseconds: number;
  /** A method and not a property, because a handler's type may require more of the context than Lambda provides. */
  handler(event: Event, context: Context): unknown;
}

/** The outcome of an invocation. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly requestId: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: unknown }
  | { readonly kind: 'timed-out'; readonly requestId: string };

/**
 * Runs a function once, with Lambda's context. On a failure or time-out, `log` gets the lines that Lambda writes to the
 * function's log. A function that timed out keeps running here; Lambda would freeze it.
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

/** The context that Lambda passes to a function with the event. */
export function lambdaContext(functionName: string, timeoutMilliseconds: number): Context {
  const endsAt = performance.now() + timeoutMilliseconds;
  const unsupported = () => {
    throw new Error('context.done, fail and succeed were removed from Lambda: return or throw instead');
  };
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

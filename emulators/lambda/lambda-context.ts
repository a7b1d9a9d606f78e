import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

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

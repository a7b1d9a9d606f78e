import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../core/listen';
import { BodyTooLargeError, readBody } from '../core/request-body';
import { functionError } from './function-error';
import { type InvocationResult, type InvokableFunction, invokeFunction } from './invocation';
import {
  functionNotFound,
  type InvokeResponse,
  invokeError,
  missingSignature,
  payloadTooLarge,
  serviceFailed,
  throttled,
  unreadablePayload,
} from './invoke-response';

/** A received request to invoke a function. */
interface SeenInvocation {
  readonly functionName: string;
  readonly invocationType: string;
  /** The event; null without one. */
  readonly event: unknown;
}

/** Why the next requests are rejected before a function runs. */
type InvokeFault = 'throttled' | 'service-failed';

export interface LambdaEmulator {
  /** The value for AWS_ENDPOINT_URL_LAMBDA. */
  readonly url: string;
  readonly invocations: readonly SeenInvocation[];
  /** Invokes a function as other AWS services do. @throws {Error} for an unknown function name */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** Rejects the next `count` requests. */
  failNext(count: number, fault: InvokeFault): void;
  /** Resolves when every accepted invocation has ended, including those accepted while waiting. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;
/** The function's name in an ARN, a partial ARN, or by itself; a version or alias after it is ignored. */
const NAME = /^(?:(?:arn:aws:lambda:[\w-]+:)?\d+:function:|function:)?([\w-]+)(?::[\w$-]+)?$/;
const LARGEST_PAYLOAD = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 1024 * 1024 };

/**
 * Starts an emulator of Lambda's Invoke API, for the official client, with functions that run in this process.
 * It requires a signature but does not verify it. A failed asynchronous invocation is not retried; Lambda
 * retries it twice.
 * @param options.port 0 picks a free port
 */
export async function startLambda({
  functions,
  port = 0,
  log = (line) => console.error(line),
}: {
  readonly functions: readonly InvokableFunction<unknown>[];
  readonly port?: number;
  /** Called with the lines that Lambda itself writes to the function's log: a failure, a time-out. */
  readonly log?: (line: string) => void;
}): Promise<LambdaEmulator> {
  const byName = new Map(functions.map((each) => [each.name, each]));
  const invocations: SeenInvocation[] = [];
  const faults: InvokeFault[] = [];
  const running = new Set<Promise<InvocationResult>>();

  function run(invoked: InvokableFunction<unknown>, event: unknown): Promise<InvocationResult> {
    const invocation = invokeFunction(invoked, event, log).finally(() => running.delete(invocation));
    running.add(invocation);
    return invocation;
  }

  async function respond(request: IncomingMessage): Promise<InvokeResponse> {
    const functionName = functionNameOf(request);
    const invocationType = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    if (functionName === null || !isInvocationType(invocationType))
      return invokeError(400, 'InvalidParameterValueException', 'Not an invocation');
    const limit = LARGEST_PAYLOAD[invocationType];
    const payload = await readBody(request, limit).catch((error: unknown) => tooLarge(error));
    if (payload === null) return payloadTooLarge(limit);
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return missingSignature();
    const event = parseEvent(payload);
    invocations.push({ functionName, invocationType, event: event ?? null });
    const fault = faults.shift();
    if (fault !== undefined) return fault === 'throttled' ? throttled() : serviceFailed();
    const invoked = byName.get(functionName);
    if (invoked === undefined) return functionNotFound(functionName);
    if (event === undefined) return unreadablePayload();
    if (invocationType === 'DryRun') return { status: 204, headers: {}, body: '' };
    const result = run(invoked, event);
    if (invocationType === 'Event') return { status: 202, headers: {}, body: '' };
    return toResponse(await result, invoked.timeoutMilliseconds);
  }

  const server = createServer((request, response) => {
    void respond(request)
      .catch((error: unknown) => invokeError(500, 'ServiceException', String(error)))
      .then((found) => send(response, found));
  });
  const listening = await listen(server, port);
  return {
    ...listening,
    invocations,
    invoke: async (functionName, event) => {
      const invoked = byName.get(functionName);
      if (invoked === undefined) throw new Error(`There is no function ${functionName}`);
      return run(invoked, event);
    },
    failNext: (count, fault) => void faults.push(...Array.from({ length: count }, () => fault)),
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function functionNameOf({ method, url = '' }: IncomingMessage): string | null {
  const [path = ''] = url.split('?');
  const name = method === 'POST' ? PATH.exec(path)?.[1] : undefined;
  return NAME.exec(decodeURIComponent(name ?? ''))?.[1] ?? null;
}

function isInvocationType(type: string): type is keyof typeof LARGEST_PAYLOAD {
  return Object.hasOwn(LARGEST_PAYLOAD, type);
}

function tooLarge(error: unknown): null {
  if (error instanceof BodyTooLargeError) return null;
  throw error;
}

/** An empty payload is an empty event. Undefined for one that is not JSON. */
function parseEvent(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8') || '{}');
  } catch {
    return undefined;
  }
}

function toResponse(result: InvocationResult, timeoutMilliseconds: number): InvokeResponse {
  const error = functionError(result, timeoutMilliseconds);
  const value = result.kind === 'returned' ? result.value : error;
  return {
    status: 200,
    headers: {
      'x-amz-executed-version': '$LATEST',
      'x-amzn-requestid': result.requestId,
      ...(error && { 'x-amz-function-error': 'Unhandled' }),
    },
    body: JSON.stringify(value) ?? 'null',
  };
}

function send(response: ServerResponse, { status, headers, body }: InvokeResponse): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

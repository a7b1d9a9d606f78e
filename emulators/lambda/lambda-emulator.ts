import {
  type EmulatorRequest,
  type EmulatorServer,
  hasAwsSignature,
  startEmulator,
} from '../core/emulator-server';
import { type HttpResponse, json } from '../core/http-response';
import { BodyTooLargeError } from '../core/http-server';
import { Router } from '../core/router';
import { type InvocationResult, type InvokableFunction, invokeFunction } from './invocation';

/** A received request to invoke a function. */
interface SeenInvocation {
  readonly functionName: string;
  readonly invocationType: string;
  /** The event; null if it is not JSON. */
  readonly event: unknown;
}

/** How Lambda rejects a request before a function runs. */
type InvokeFault = { readonly kind: 'throttled' | 'service-failed' };

export interface LambdaEmulator extends EmulatorServer<SeenInvocation, InvokeFault> {
  /** Invokes a function as other AWS services do. @throws {Error} for an unknown function name */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** Resolves when every accepted invocation has ended, including those accepted while waiting. */
  settled(): Promise<void>;
}

const ROUTES = new Router({ 'POST /2015-03-31/functions/:name/invocations': true });
/** The function's name in an ARN, a partial ARN, or by itself; a version or alias after it is ignored. */
const NAME = /^(?:(?:arn:aws:lambda:[\w-]+:)?\d+:function:|function:)?([\w-]+)(?::[\w$-]+)?$/;
/** Bytes of an asynchronous event. */
const MAX_EVENT_BYTES = 1024 * 1024;

/**
 * Starts an emulator of Lambda's Invoke API for the official client, whose endpoint (AWS_ENDPOINT_URL_LAMBDA) is its
 * `url`, with functions that run in this process. It supports asynchronous invocations, and requires a signature but
 * does not verify it. A failed invocation is not retried; Lambda retries it twice.
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
  const running = new Set<Promise<InvocationResult>>();

  function run(invoked: InvokableFunction<unknown>, event: unknown): Promise<InvocationResult> {
    const invocation = invokeFunction(invoked, event, log).finally(() => running.delete(invocation));
    running.add(invocation);
    return invocation;
  }

  async function respond(request: EmulatorRequest, seen: SeenInvocation): Promise<HttpResponse> {
    const { functionName, invocationType, event } = seen;
    if (functionName === '') return notEmulated(`${request.method} ${request.path}`);
    if (invocationType !== 'Event') return notEmulated(`an invocation of type ${invocationType}`);
    if (!hasAwsSignature(request.headers))
      return invokeError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    const invoked = byName.get(functionName);
    if (invoked === undefined)
      return invokeError(404, 'ResourceNotFoundException', `Function not found: ${functionName}`);
    if (event === null)
      return invokeError(400, 'InvalidRequestContentException', 'Could not parse request body into json');
    void run(invoked, event);
    return { status: 202 };
  }

  const server = await startEmulator<SeenInvocation, InvokeFault>({
    port,
    about: "This is an emulator of AWS Lambda's Invoke API, for AWS_ENDPOINT_URL_LAMBDA.",
    maxBodyBytes: MAX_EVENT_BYTES,
    describe: ({ method, path, headers, body }) => {
      const match = ROUTES.find(method, path);
      return {
        functionName: (match.kind === 'found' && NAME.exec(match.param('name'))?.[1]) || '',
        invocationType: String(headers['x-amz-invocation-type'] ?? 'RequestResponse'),
        event: parseEvent(body),
      };
    },
    respond,
    respondToFault: ({ kind }) =>
      kind === 'throttled'
        ? invokeError(429, 'TooManyRequestsException', 'Rate Exceeded.')
        : invokeError(500, 'ServiceException', 'An internal error occurred.'),
    respondToError: (error) =>
      error instanceof BodyTooLargeError
        ? invokeError(
            413,
            'RequestTooLargeException',
            `Request must be smaller than ${MAX_EVENT_BYTES} bytes`,
          )
        : invokeError(500, 'ServiceException', String(error)),
  });
  return {
    ...server,
    invoke: async (functionName, event) => {
      const invoked = byName.get(functionName);
      if (invoked === undefined) throw new Error(`Unknown function ${functionName}`);
      return run(invoked, event);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** An empty payload is an empty event. */
function parseEvent(payload: string): unknown {
  try {
    return JSON.parse(payload || '{}');
  } catch {
    return null;
  }
}

/** An error in the format of Lambda's API. */
function invokeError(status: number, type: string, message: string): HttpResponse {
  const body = { Type: status < 500 ? 'User' : 'Service', Message: message, message };
  return json(body, status, { 'x-amzn-errortype': type });
}

function notEmulated(subject: string): HttpResponse {
  return invokeError(501, 'NOT_SUPPORTED_BY_EMULATOR', `The Lambda emulator does not support ${subject}`);
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { gatewayAnswer, type HttpAnswer, toHttpAnswer } from './handler-answer';
import { splitTarget, toHttpEvent } from './http-event';
import { lambdaContext } from './lambda-context';
import { type Listening, listen } from './listening';
import { BodyTooLarge, readBody } from './request-body';

/** A function behind the gateway. */
export interface LambdaFunction {
  readonly name: string;
  /** Milliseconds after which Lambda ends the invocation. */
  readonly timeoutMilliseconds: number;
  /** A method, as its own middleware adds to the context what its type asks for besides Lambda's. */
  handler(event: APIGatewayProxyEventV2, context: Context): unknown;
}

/** What an HTTP API takes at most. */
const LARGEST_BODY = 10 * 1024 * 1024;

const NOT_FOUND = gatewayAnswer(404, 'Not Found');
const TOO_LARGE = gatewayAnswer(413, 'Request Entity Too Large');
const FUNCTION_FAILED = gatewayAnswer(500, 'Internal Server Error');
const FUNCTION_TIMED_OUT = gatewayAnswer(503, 'Service Unavailable');

/**
 * Starts an API Gateway HTTP API on this machine: each route, such as `POST /callbacks/crm`, calls its function with
 * an event of payload format 2.0 and answers with what it returns.
 */
export function startGateway({
  routes,
  port = 0,
  now = () => new Date(),
  log = (line) => console.error(line),
}: {
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly port?: number;
  readonly now?: () => Date;
  /** Told what Lambda would write into the function's log by itself: a failure, a time-out. */
  readonly log?: (line: string) => void;
}): Promise<Listening> {
  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const routeKey = `${request.method} ${splitTarget(request).path}`;
    const called = routes[routeKey];
    if (called === undefined) return NOT_FOUND;
    const body = await readBody(request, LARGEST_BODY);
    return invoke(called, toHttpEvent(request, body, { routeKey, now: now() }), log);
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => (error instanceof BodyTooLarge ? TOO_LARGE : FUNCTION_FAILED))
      .then((found) => send(response, found));
  });
  return listen(server, port);
}

async function invoke(
  { name, timeoutMilliseconds, handler }: LambdaFunction,
  event: APIGatewayProxyEventV2,
  log: (line: string) => void,
): Promise<HttpAnswer> {
  const context = lambdaContext(name, timeoutMilliseconds);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<HttpAnswer>((resolve) => {
    timer = setTimeout(() => {
      log(`${context.awsRequestId} ${name} timed out after ${timeoutMilliseconds} ms`);
      resolve(FUNCTION_TIMED_OUT);
    }, timeoutMilliseconds);
  });
  const done = Promise.resolve()
    .then(() => handler(event, context))
    .then((result) => {
      const answer = toHttpAnswer(result);
      if (answer === null) log(`${context.awsRequestId} ${name} returned what is no HTTP answer`);
      return answer ?? FUNCTION_FAILED;
    })
    .catch((error: unknown) => {
      log(`${context.awsRequestId} ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      return FUNCTION_FAILED;
    });
  return Promise.race([done, timeUp]).finally(() => clearTimeout(timer));
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}

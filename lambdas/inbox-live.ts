import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as v from 'valibot';
import { logger } from './container';
import { Deadline } from './http-client/deadline';
import { LiveRequest } from './inbox/api';
import { LIVE_REQUEST_MS } from './inbox/http/start-inbox-deadline';
import { type ConnectOutcome, connect } from './inbox/live/connect';
import { openConnections } from './inbox/open-inbox';
import { describeError } from './telemetry/describe-error';

/** A ping is shorter. */
const MAX_FRAME_LENGTH = 200;

/** A browser learns only whether it is a success. */
const STATUS = {
  connected: 200,
  'invalid-ticket': 401,
  'not-active': 403,
  ended: 409,
  'too-many': 429,
} as const satisfies Record<ConnectOutcome, number>;

/** The parts of a WebSocket API's event that are used. */
const LiveRouteEvent = v.object({
  requestContext: v.object({
    routeKey: v.picklist(['$connect', '$disconnect', '$default']),
    connectionId: v.pipe(v.string(), v.nonEmpty()),
  }),
  queryStringParameters: v.fallback(v.nullish(v.object({ ticket: v.optional(v.string(), '') })), null),
  body: v.fallback(v.nullish(v.string()), null),
});
type LiveRouteEvent = v.InferOutput<typeof LiveRouteEvent>;

/**
 * The live socket. A browser that connects with a valid ticket receives its worker's events until the connection ends.
 * A connection sends to itself only: its id comes from API Gateway, never from a frame.
 */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  const request = v.safeParse(LiveRouteEvent, event);
  if (!request.success) return { statusCode: 400 };
  const { routeKey } = request.output.requestContext;
  try {
    const answered = await answer(request.output);
    // Not for each ping. As the line of a request, so that the saved queries and `frontline logs` show it.
    if (routeKey === '$connect') logger().info('callback answered', lineOf(routeKey, answered.statusCode));
    return answered;
  } catch (error) {
    logger().error('callback answered', { ...lineOf(routeKey, 500), failure: describeError(error) });
    return { statusCode: 500 };
  }
}

function lineOf(location: string, status: number | undefined) {
  return { callback: 'inbox-live', location, status };
}

async function answer(event: LiveRouteEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { routeKey, connectionId } = event.requestContext;
  const parts = openConnections(Deadline.in(LIVE_REQUEST_MS).signal);
  switch (routeKey) {
    case '$connect':
      return {
        statusCode: STATUS[await connect(connectionId, event.queryStringParameters?.ticket ?? '', parts)],
      };
    case '$disconnect':
      await parts.connections.end(connectionId, parts.now());
      return { statusCode: 200 };
    case '$default':
      if (isPing(event.body) && (await parts.post(connectionId, { kind: 'pong' })) === 'gone') {
        await parts.connections.end(connectionId, parts.now());
      }
      return { statusCode: 200 };
  }
}

function isPing(body: string | null | undefined): boolean {
  if (!body || body.length > MAX_FRAME_LENGTH) return false;
  try {
    return v.is(LiveRequest, JSON.parse(body));
  } catch {
    return false;
  }
}

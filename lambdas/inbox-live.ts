import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import * as v from 'valibot';
import { logger } from './container';
import { Deadline } from './http-client/deadline';
import { LiveRequest } from './inbox/api';
import { openConnections } from './inbox/open-inbox';
import { describeError } from './telemetry/describe-error';

const ANSWER_MS = 5_000;

/** The parts of a WebSocket API's event that are used. */
const LiveRouteEvent = v.object({
  requestContext: v.object({
    routeKey: v.picklist(['$connect', '$disconnect', '$default']),
    connectionId: v.string(),
  }),
  queryStringParameters: v.fallback(v.nullish(v.record(v.string(), v.string())), null),
  body: v.fallback(v.nullish(v.string()), null),
});
type LiveRouteEvent = v.InferOutput<typeof LiveRouteEvent>;

/** The live socket: who connects with a valid ticket gets this worker's events until the connection ends. */
export async function handler(event: unknown): Promise<APIGatewayProxyResultV2> {
  const request = v.parse(LiveRouteEvent, event);
  try {
    return await answer(request);
  } catch (error) {
    logger().error('live socket failed', {
      route: request.requestContext.routeKey,
      failure: describeError(error),
    });
    return { statusCode: 500 };
  }
}

async function answer({ requestContext, queryStringParameters, body }: LiveRouteEvent) {
  const { routeKey, connectionId } = requestContext;
  const { connections, workers, post } = openConnections(Deadline.in(ANSWER_MS).signal);
  switch (routeKey) {
    case '$connect': {
      const subject = await connections.redeemTicket(queryStringParameters?.['ticket'] ?? '', new Date());
      if (subject === null) return { statusCode: 401 };
      const worker = await workers.find(subject);
      if (!worker?.isActive) return { statusCode: 403 };
      await connections.add(worker.identity, connectionId, new Date());
      return { statusCode: 200 };
    }
    case '$disconnect':
      await connections.remove(connectionId);
      return { statusCode: 200 };
    case '$default':
      if (isPing(body)) await post(connectionId, { kind: 'pong' });
      return { statusCode: 200 };
  }
}

function isPing(body: string | null | undefined): boolean {
  try {
    return v.is(LiveRequest, JSON.parse(body ?? ''));
  } catch {
    return false;
  }
}

import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { startSync } from './container';
import { isKnownError } from './errors';
import { logRequest } from './middleware/log-request';
import { publishMetrics } from './middleware/publish-metrics';
import type { HttpResponse } from './request/http-response';
import { openReplica } from './request/open-replica';
import type { CallbackHandler } from './request/request-context';
import { readPing, verifyPing } from './sync/ping';

/** Airtable reports that something has changed: starts a run of sync that finds the changes. */
async function onPing(event: APIGatewayProxyEventV2): Promise<HttpResponse> {
  const ping = readPing(event);
  verifyPing(ping, await openReplica(ping.baseId).readWebhook());
  await startSync({ run: 'changes' });
  return { statusCode: 204 };
}

/**
 * Rejects a forged ping with 403 and no details. After any other failure Airtable sends a genuine ping again
 * (airtable.md#webhook-notifications).
 */
function answerPingErrors(): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse> {
  return {
    onError: (request) => {
      const { error } = request;
      request.response = { statusCode: isKnownError(error) && error.name === 'NotSigned' ? 403 : 503 };
    },
  };
}

export const handler: CallbackHandler = middy<APIGatewayProxyEventV2, HttpResponse>({
  timeoutEarlyInMillis: 0,
})
  .use(logRequest('airtable-webhook'))
  .use(publishMetrics('airtable-webhook'))
  .use(answerPingErrors())
  .handler(onPing);

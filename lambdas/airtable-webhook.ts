import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CallbackHandler } from './callback/callback-context';
import type { HttpAnswer } from './callback/http-answer';
import { publishMetrics } from './callback/publish-metrics';
import { writeLogLine } from './callback/write-log-line';
import { answerPingErrors } from './sync/answer-ping-errors';
import { openPing } from './sync/open-ping';
import { readPing, verifyPing } from './sync/ping';

/** Airtable says that something has changed: starts a run of sync that finds out what. */
async function startSync(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const ping = readPing(event);
  const { store, startSync } = openPing(ping.baseId);
  verifyPing(ping, await store.readWebhook());
  await startSync({ run: 'changes' });
  return { statusCode: 204 };
}

export const handler: CallbackHandler = middy<APIGatewayProxyEventV2, HttpAnswer>({ timeoutEarlyInMillis: 0 })
  .use(writeLogLine('airtable-webhook'))
  .use(publishMetrics('airtable-webhook'))
  .use(answerPingErrors())
  .handler(startSync);

import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { readConfiguration } from './config';
import { credentialsCache, logger } from './container';
import { Deadline } from './http-client/deadline';
import { applyEvent } from './inbox/events/apply-event';
import { publishInboxMetrics } from './inbox/events/publish-inbox-metrics';
import { openInbox } from './inbox/open-inbox';
import { QueueEvent } from './inbox/queue/queue-event';
import { describeError } from './telemetry/describe-error';
import { RequestLog } from './telemetry/request-log';

/** Left for reporting which events have to come again. */
const REPORT_MS = 2_000;

const QueuedText = v.pipe(v.string(), v.parseJson(), QueueEvent);

/**
 * Takes events from the queue into the inbox's index and tells the workers. Each event is handled by itself: one that
 * fails comes again, and the others do not.
 */
export async function handler(batch: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deadline = Deadline.in(context.getRemainingTimeInMillis() - REPORT_MS);
  const failed = await Promise.all(
    batch.Records.map(async ({ messageId, body }) => ((await handle(body, deadline)) ? [] : [messageId])),
  );
  return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
}

async function handle(body: string, deadline: Deadline): Promise<boolean> {
  const requestLog = new RequestLog();
  let failure: unknown = null;
  let kind = 'unreadable';
  try {
    const event = v.parse(QueuedText, body);
    kind = event.kind;
    if ('conversationSid' in event) requestLog.about({ conversationSid: event.conversationSid });
    const configuration = readConfiguration(process.env);
    const credentials = await credentialsCache().load(deadline, (reason) =>
      requestLog.warn(`The credentials could not be refreshed, the old ones are used on: ${String(reason)}`),
    );
    await applyEvent(openInbox({ configuration, credentials, deadline, requestLog }), event);
  } catch (error) {
    failure = error;
  }
  if (requestLog.credentialsWereRejected) credentialsCache().invalidate();
  const { warnings = [] } = requestLog.entry();
  const level = failure !== null ? 'error' : warnings.length > 0 ? 'warn' : 'info';
  // As the line of a request, so that the saved queries and `frontline logs` show it.
  logger()[level]('inbox event handled', {
    callback: 'inbox-events',
    event: kind,
    status: failure === null ? 200 : 500,
    ...requestLog.entry(),
    ...(failure !== null && { failure: describeError(failure) }),
  });
  publishInboxMetrics(requestLog);
  return failure === null;
}

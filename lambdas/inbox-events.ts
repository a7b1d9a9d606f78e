import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { readConfiguration } from './config';
import { credentialsCache, logger } from './container';
import { BadRequestError, DeadlineExceededError } from './errors';
import { Deadline } from './http-client/deadline';
import { applyEvent } from './inbox/events/apply-event';
import { publishInboxMetrics } from './inbox/events/publish-inbox-metrics';
import { openInbox } from './inbox/open-inbox';
import { MAX_ATTEMPTS } from './inbox/queue/attempts';
import { QueueEvent } from './inbox/queue/queue-event';
import { describeError } from './telemetry/describe-error';
import { RequestLog } from './telemetry/request-log';

/** Left for reporting which events have to come again. */
const REPORT_MS = 2_000;
/** With less time than this, an event is not begun: half done, it would be done again anyway. */
const LEAST_MS = 1_000;

const QueuedText = v.pipe(v.string(), v.parseJson(), QueueEvent);
const Attempts = v.pipe(v.optional(v.string(), ''), v.transform(Number), v.finite());

interface Received {
  readonly record: SQSRecord;
  /** Null for one that cannot be read. It comes again all the same: a later version may be able to read it. */
  readonly event: QueueEvent | null;
}

/**
 * Takes events from the queue into the inbox's index and tells the workers. Each event is handled by itself: one that
 * fails comes again, and the others do not. Those of one chat are handled one after the other, so that they do not
 * compete for its item, and the chats at once, so that a slow one holds up none.
 */
export async function handler(batch: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deadline = Deadline.in(context.getRemainingTimeInMillis() - REPORT_MS);
  const received = batch.Records.map((record): Received => {
    const parsed = v.safeParse(QueuedText, record.body);
    return { record, event: parsed.success ? parsed.output : null };
  });
  const failed: string[] = [];
  await Promise.all(
    byChat(received).map(async (events) => {
      for (const each of events) if (!(await handle(each, deadline))) failed.push(each.record.messageId);
    }),
  );
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function byChat(received: readonly Received[]): Received[][] {
  const groups = new Map<string, Received[]>();
  for (const each of received) {
    const { record, event } = each;
    const key = event !== null && 'conversationSid' in event ? event.conversationSid : record.messageId;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** @returns whether it is done */
async function handle({ record, event }: Received, deadline: Deadline): Promise<boolean> {
  const requestLog = new RequestLog();
  let failure: unknown = null;
  try {
    if (event === null) throw new BadRequestError('body', 'The event cannot be read');
    if ('conversationSid' in event) requestLog.about({ conversationSid: event.conversationSid });
    if (deadline.remainingMilliseconds < LEAST_MS)
      throw new DeadlineExceededError('There was no time to begin');
    await deadline.race(apply(event, deadline, requestLog));
  } catch (error) {
    failure = error;
  }
  if (requestLog.credentialsWereRejected) credentialsCache().invalidate();
  if (failure !== null && isLastAttempt(record)) {
    requestLog.warn(
      `Given up after ${MAX_ATTEMPTS} attempts: the event is in the dead-letter queue. Repair what the failure says, then move it back (docs/runbook.md#inbox-events-failed)`,
    );
  }
  const { warnings = [] } = requestLog.entry();
  const level = failure !== null ? 'error' : warnings.length > 0 ? 'warn' : 'info';
  // As the line of a request, so that the saved queries and `frontline logs` show it.
  logger()[level]('inbox event handled', {
    callback: 'inbox-events',
    event: event?.kind ?? 'unreadable',
    status: failure === null ? 200 : 500,
    ...requestLog.entry(),
    ...(failure !== null && { failure: describeError(failure) }),
  });
  publishInboxMetrics(requestLog);
  return failure === null;
}

async function apply(event: QueueEvent, deadline: Deadline, requestLog: RequestLog): Promise<void> {
  const configuration = readConfiguration(process.env);
  const credentials = await credentialsCache().load(deadline, (reason) =>
    requestLog.warn(`The credentials could not be refreshed, the old ones are used on: ${String(reason)}`),
  );
  await applyEvent(openInbox({ configuration, credentials, deadline, requestLog }), event);
}

/** @param record as SQS hands it over; it counts a little inexactly */
function isLastAttempt({ attributes }: Partial<Pick<SQSRecord, 'attributes'>>): boolean {
  const attempts = v.safeParse(Attempts, attributes?.ApproximateReceiveCount);
  return attempts.success && attempts.output >= MAX_ATTEMPTS;
}

import { inBatches } from '../../concurrency/at-once';
import type { Environment } from '../../config';
import { dynamo } from '../../container';
import type { Customer } from '../../customers/customer';
import { errorMessage } from '../../errors';
import type { RequestContext } from '../../request/request-context';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import type { Form } from '../../twilio/signature';
import { inboxQueueUrl, readInboxTable } from '../inbox-configuration';
import { chatSidsAt } from '../store/chats-at-address';
import type { QueueEvent } from './queue-event';
import { queueEventOf } from './queue-event-of';

/** Reserved for the response, at the end of the time that Twilio waits. */
const ENQUEUE_RESERVE_MS = 200;
/** Of a message's 256 kB. */
const CHATS_PER_EVENT = 500;

/** Puts an event of Twilio on the inbox's queue, if there is an inbox. Never fails, as `queueForInbox`. */
export async function tellInbox(form: Form, context: RequestContext): Promise<void> {
  if (inboxQueueUrl(process.env) === null) return;
  const event = queueEventOf(form);
  if (event !== null) await queueForInbox(event, context);
}

/**
 * Puts an event on the inbox's queue, if there is an inbox. Never fails: the response to Twilio does not depend on it,
 * and of what gets lost the sweep finds new chats, and opening a chat finds its messages.
 */
export async function queueForInbox(
  event: QueueEvent,
  { deadline, requestLog }: Pick<RequestContext, 'deadline' | 'requestLog'>,
): Promise<void> {
  const queueUrl = inboxQueueUrl(process.env);
  if (queueUrl === null) return;
  try {
    await deadline.leaving(ENQUEUE_RESERVE_MS).race(enqueue(queueUrl, event, process.env));
  } catch (error) {
    requestLog.countEvent(SERVICE_METRICS.inboxEventsLost);
    requestLog.warn(`The inbox did not get an event: ${errorMessage(error)}`);
  }
}

/**
 * Has the inbox remove what deleted customers said last. Call it before a customer leaves the replica, so that a
 * failure is repeated with the deletion. Does nothing without an inbox.
 * @throws {ServiceUnavailableError}
 */
export async function forgetChatsOf(
  customers: readonly Pick<Customer, 'addressKeys'>[],
  environment: Environment,
): Promise<void> {
  const queueUrl = inboxQueueUrl(environment);
  if (queueUrl === null) return;
  const inbox = { client: dynamo(), table: readInboxTable(environment) };
  const sids: string[] = [];
  for (const { addressKeys } of customers) {
    for (const key of addressKeys) sids.push(...(await chatSidsAt(inbox, key)));
  }
  for (const conversationSids of inBatches(new Set(sids), CHATS_PER_EVENT)) {
    await enqueue(queueUrl, { kind: 'forget', conversationSids }, environment);
  }
}

async function enqueue(queueUrl: string, event: QueueEvent, environment: Environment): Promise<void> {
  // Loaded here, so that a service without an inbox does not load it.
  const { enqueueTo } = await import('./enqueue');
  await enqueueTo(queueUrl, environment)(event);
}

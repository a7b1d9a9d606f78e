import { errorMessage } from '../../errors';
import type { RequestContext } from '../../request/request-context';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import type { Form } from '../../twilio/signature';
import { inboxQueueUrl } from '../inbox-configuration';
import { queueEventOf } from './queue-event-of';

/** The last moment of the time that Twilio waits is the response's. */
const ANSWER_MS = 200;

/**
 * Puts an event of Twilio on the inbox's queue, if there is an inbox. Never fails: the response to Twilio does not
 * depend on it, and what gets lost is found by the sweep, or when the chat is opened.
 */
export async function tellInbox(form: Form, { deadline, requestLog }: RequestContext): Promise<void> {
  const queueUrl = inboxQueueUrl(process.env);
  if (queueUrl === null) return;
  const event = queueEventOf(form);
  if (event === null) return;
  try {
    // Loaded here, so that a service without an inbox does not load it.
    const { enqueueTo } = await import('./enqueue');
    await deadline.leaving(ANSWER_MS).race(enqueueTo(queueUrl, process.env)(event));
  } catch (error) {
    requestLog.countEvent(SERVICE_METRICS.inboxEventsLost);
    requestLog.warn(`The inbox was not told of an event: ${errorMessage(error)}`);
  }
}

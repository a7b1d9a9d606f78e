import { CALLBACK_METRICS } from '../../lambdas/telemetry/metric-names';
import { INBOX_API, INBOX_EVENTS, INBOX_LIVE } from '../../lib/inbox/inbox-functions-props';
import { resources, synthesiseInbox } from '../lib/synthesis';
import { PRICE } from './prices';
import { DAYS, HOURS } from './working-month';

const MONTH_MINUTES = 30 * 24 * 60;

/** One worker's requests by the app in a working day. */
const REQUESTS_A_DAY = {
  'opening 60 chats: chat, messages, read, customer': 240,
  'messages sent': 40,
  'lists, searches and catching up': 70,
  'sessions, tickets, pictures': 20,
};
/** Events on the queue for one worker's chats in a working day. */
const EVENTS_A_DAY = {
  'messages written and received': 80,
  'deliveries of those written': 120,
  'reading and joining': 80,
};
/** Of these, those that Twilio reports only because there is an inbox. */
const FURTHER_CALLBACKS_A_DAY = 90;
/** Live events to a worker's tabs, and pings with their answers, in a working day. */
const FRAMES_A_DAY = 500;
/** Loads of the app, most of them from the browser's own cache, and the bytes of a first one. */
const PAGE_LOADS_A_DAY = 5;
const FILES_A_LOAD = 6;
const LOAD_BYTES = 60_000;
const TABS = 1.5;

/** Of an average request, event and frame. A request to Twilio takes about 0.12 s, a read of DynamoDB 0.015 s. */
const WORK = {
  request: { seconds: 0.08, readUnits: 8, writeUnits: 2, logBytes: 2_000 },
  event: { seconds: 0.25, readUnits: 8, writeUnits: 12, logBytes: 1_000 },
  frame: { seconds: 0.02, logBytes: 300 },
  callback: { seconds: 0.05, logBytes: 1_600 },
};
/** Lambda polls an idle queue with five connections, each for 20 s at a time. */
const POLLS_A_MINUTE = 15;
/** An event is sent, received and deleted; the last two in batches, which are small in a small team. */
const QUEUE_REQUESTS_AN_EVENT = 3;
/** A chat with its rows and indexes. */
const CHAT_BYTES = 8_000;
const CHATS_A_WORKER = 1_000;
/** InboxEventsLost and ChatsWithoutWorker, and the two that are extracted from logs. */
export const SERVICE_METRICS_OF_THE_INBOX = 2;
const METRICS_OF_LOGS = 2;

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const gigabytesOf = ({ memoryMegabytes }: { readonly memoryMegabytes: number }) => memoryMegabytes / 1_024;
const lambda = (calls: number, seconds: number, gigabytes: number) =>
  calls * (PRICE.lambdaRequest + seconds * gigabytes * PRICE.lambdaGigabyteSecond);

/** What the inbox's stack costs independently of its usage. */
export function readInboxStack() {
  const template = synthesiseInbox();
  return {
    customMetrics: Object.keys(CALLBACK_METRICS).length + SERVICE_METRICS_OF_THE_INBOX + METRICS_OF_LOGS,
    alarms: resources(template, 'AWS::CloudWatch::Alarm').length,
    dashboards: resources(template, 'AWS::CloudWatch::Dashboard').length,
  };
}

/** What a month of the inbox adds to the service's, in dollars. */
export function inboxCostOf(workers: number, stack: ReturnType<typeof readInboxStack>) {
  const monthly = (aDay: number) => workers * aDay * DAYS;
  const requests = monthly(sum(Object.values(REQUESTS_A_DAY)));
  const sweeps = MONTH_MINUTES / 5;
  const events = monthly(sum(Object.values(EVENTS_A_DAY))) + sweeps;
  const callbacks = monthly(FURTHER_CALLBACKS_A_DAY);
  const frames = monthly(FRAMES_A_DAY);
  const minutes = monthly(HOURS * 60 * TABS);
  const loads = monthly(PAGE_LOADS_A_DAY);
  const files = loads * FILES_A_LOAD;
  const kept = (workers * CHATS_A_WORKER * CHAT_BYTES) / 1e9;
  const logBytes =
    requests * WORK.request.logBytes +
    events * WORK.event.logBytes +
    frames * WORK.frame.logBytes +
    callbacks * WORK.callback.logBytes;
  const costs = {
    api: requests * PRICE.httpApiRequest + lambda(requests, WORK.request.seconds, gigabytesOf(INBOX_API)),
    live:
      frames * PRICE.webSocketMessage +
      minutes * PRICE.webSocketMinute +
      lambda(frames, WORK.frame.seconds, gigabytesOf(INBOX_LIVE)),
    events:
      (events * QUEUE_REQUESTS_AN_EVENT + POLLS_A_MINUTE * MONTH_MINUTES) * PRICE.queueRequest +
      lambda(events, WORK.event.seconds, gigabytesOf(INBOX_EVENTS)) +
      callbacks * PRICE.httpApiRequest +
      lambda(callbacks, WORK.callback.seconds, 1) +
      sweeps * PRICE.schedule,
    dynamo:
      (requests * WORK.request.readUnits + events * WORK.event.readUnits) * PRICE.dynamoReadUnit +
      (requests * WORK.request.writeUnits + events * WORK.event.writeUnits) * PRICE.dynamoWriteUnit +
      kept * (PRICE.dynamoGigabyte + PRICE.dynamoGigabyteRecoverable),
    site:
      files * (PRICE.siteRequest + PRICE.siteFunction) +
      ((loads * LOAD_BYTES) / 1e9) * PRICE.siteGigabyte +
      0.001 * PRICE.bucketGigabyte,
    signIn: workers * PRICE.signedInWorker,
    logs: (logBytes / 1e9) * (PRICE.logGigabyte + PRICE.logGigabyteKept),
    watching:
      stack.customMetrics * PRICE.customMetric +
      stack.alarms * PRICE.alarm +
      stack.dashboards * PRICE.dashboard,
  };
  return { requests, events, costs, total: sum(Object.values(costs)) };
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { Message } from '../../lambdas/inbox/api';
import type { LiveClient } from '../world/live-client';
import { measureRequests } from './inbox-requests';
import { InboxService } from './inbox-service';
import { address, worker } from './loaded-replica';
import { median } from './median';
import { atMost, count, milliseconds, type Result, ratio, seconds, told } from './result';

const WORKERS = 200;
const CUSTOMERS_EACH = 10;
const PER_SECOND = 20;
const SECONDS = 60;
const BUSY_WORKER = { identity: 'busy@example.com', customers: 10_000 };
const LISTS = 40;

const GOAL = {
  lost: count(0),
  medianMs: milliseconds(1_000),
  slowest: seconds(10),
  listMs: milliseconds(300),
  firstLoadKilobytes: 100,
};

const PROXY = DEMO_CREDENTIALS.whatsappNumber;

/** The inbox with 200 workers connected, while customers write; its lists; its requests to Twilio and DynamoDB; the app's size. */
export async function measure(): Promise<Result[]> {
  const base = { customers: WORKERS * CUSTOMERS_EACH, workers: WORKERS, busyWorker: BUSY_WORKER };
  const identities = [...Array.from({ length: WORKERS }, (_, index) => worker(index)), BUSY_WORKER.identity];
  const service = await InboxService.start(base, identities);
  try {
    return [
      ...(await measureMessages(service)),
      await measureList(service),
      ...(await measureRequests(service, WORKERS)),
      await measureFirstLoad(),
    ];
  } finally {
    await service.close();
  }
}

interface Sent {
  readonly at: number;
  readonly messageSid: string;
}

async function measureMessages(service: InboxService): Promise<Result[]> {
  const { twilio } = service;
  for (let index = 0; index < WORKERS; index += 1) {
    await twilio.receiveMessage({ from: address(index).text, to: PROXY, body: 'Hello' });
  }
  await service.queue.settled();
  const clients: LiveClient[] = [];
  for (let index = 0; index < WORKERS; index += 1) clients.push(await service.connect(worker(index)));
  const requestsBefore = twilio.requests.length;
  const total = PER_SECOND * SECONDS;
  const startedAt = performance.now();
  const sent = await Promise.all(
    Array.from({ length: total }, async (_, index): Promise<Sent> => {
      await pause((index * 1_000) / PER_SECOND);
      const at = performance.now();
      const from = address(index % WORKERS).text;
      const { messageSid } = await twilio.receiveMessage({ from, to: PROXY, body: `Message ${index}` });
      return { at, messageSid: String(messageSid) };
    }),
  );
  await service.queue.settled();
  const took = performance.now() - startedAt;
  const requests = twilio.requests.length - requestsBefore;
  const arrivals = clients.map(arrivalsAt);
  const all = arrivals.flat();
  const delays = sent.flatMap(({ at, messageSid }) => {
    const arrival = all.find(({ message }) => message.sid === messageSid);
    return arrival === undefined ? [] : arrival.at - at;
  });
  return [
    atMost(
      `of ${total} messages, ${PER_SECOND} a second, do not reach their worker`,
      count(total - delays.length),
      GOAL.lost,
    ),
    atMost('messages that reach another worker', count(strayCount(arrivals)), GOAL.lost),
    atMost(
      'messages that a worker would see twice, or not in their order',
      count(wrongCount(arrivals)),
      GOAL.lost,
    ),
    atMost(
      'from the customer’s phone to the worker’s screen, median',
      milliseconds(median(delays)),
      GOAL.medianMs,
    ),
    atMost('the same, slowest', seconds(Math.max(...delays) / 1_000), GOAL.slowest),
    told('events that came twice', count(all.length - new Set(all.map(({ message }) => message.sid)).size)),
    told(`time for all of them, at ${PER_SECOND} a second`, seconds(took / 1_000)),
    told('requests to Twilio for each of them', ratio(requests / total)),
  ];
}

interface Arrival {
  readonly message: Message;
  readonly at: number;
}

function arrivalsAt({ events, receivedAt }: LiveClient): Arrival[] {
  return events.flatMap((event, index) =>
    event.kind === 'message' ? { message: event.message, at: receivedAt[index] ?? 0 } : [],
  );
}

/** Messages in a client that is not their chat's only one. */
function strayCount(arrivals: readonly (readonly Arrival[])[]): number {
  const clientOf = new Map<string, number>();
  let strays = 0;
  for (const [client, messages] of arrivals.entries()) {
    for (const { message } of messages) {
      const known = clientOf.get(message.chatSid) ?? client;
      clientOf.set(message.chatSid, known);
      if (known !== client) strays += 1;
    }
  }
  return strays;
}

/** What a list by SID and index shows wrongly: an index that two messages have, or a time that goes back. */
function wrongCount(arrivals: readonly (readonly Arrival[])[]): number {
  let wrong = 0;
  for (const messages of arrivals) {
    const shown = [...new Map(messages.map(({ message }) => [message.sid, message])).values()];
    const inOrder = shown.sort((a, b) => a.index - b.index);
    wrong += inOrder.filter((message, place) => {
      const before = inOrder[place - 1];
      return before !== undefined && (before.index === message.index || before.sentAt > message.sentAt);
    }).length;
  }
  return wrong;
}

async function measureList(service: InboxService): Promise<Result> {
  const times: number[] = [];
  for (let turn = 0; turn < LISTS; turn += 1) {
    const startedAt = performance.now();
    const { customers } = await service.call(BUSY_WORKER.identity, 'customers', { query: { limit: '50' } });
    if (customers.length !== 50) throw new Error('The list is too short');
    times.push(performance.now() - startedAt);
  }
  const what = `the customers' list of a worker with ${BUSY_WORKER.customers}, median`;
  return atMost(what, milliseconds(median(times)), GOAL.listMs);
}

/** The gzipped scripts and styles that the page itself names. */
async function measureFirstLoad(): Promise<Result> {
  const folder = join(import.meta.dirname, '..', '..', 'inbox', 'dist');
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const names = (await readdir(join(folder, 'assets'))).filter(
    (name) => /\.(js|css)$/.test(name) && page.includes(name),
  );
  const files = await Promise.all(names.map((name) => readFile(join(folder, 'assets', name))));
  const kilobytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1_000;
  const text = (value: number) => ({ value, text: `${value.toFixed(1)} kB` });
  return atMost(
    'first load of the app, gzipped scripts and styles',
    text(kilobytes),
    text(GOAL.firstLoadKilobytes),
  );
}

import { dynamo } from '../../lambdas/container';
import type { InboxService } from './inbox-service';
import { recordIdOf, worker } from './loaded-replica';
import { median } from './median';
import { count, milliseconds, type Result, told } from './result';

const READS = 30;

/** Requests to Twilio and to DynamoDB of each thing that a worker does, and the time of those that change nothing. */
export async function measureRequests(service: InboxService, workers: number): Promise<Result[]> {
  const counted = countDynamo();
  const identity = worker(0);
  // The first sign-in builds the worker's index, and that asks Twilio and DynamoDB too.
  for (const each of [identity, worker(1)]) await service.call(each, 'session');
  await service.queue.settled();
  const { chats } = await service.call(identity, 'chats');
  const params = { chatSid: String(chats[0]?.sid) };
  const index = Number(chats[0]?.readIndex ?? 0) + 1;
  const customerId = recordIdOf(workers);
  const text = { kind: 'text' as const, text: 'Hello' };
  const body = { sendId: 'bench-send-00000001', content: text };
  const reads: readonly Action[] = [
    ['the session', () => service.call(identity, 'session')],
    ['the list of chats', () => service.call(identity, 'chats')],
    ['a chat', () => service.call(identity, 'chat', { params })],
    ['its messages', () => service.call(identity, 'messages', { params })],
    ['a customer’s details', () => service.call(identity, 'customer', { params: { customerId } })],
    ['a ticket', () => service.call(identity, 'liveTicket')],
  ];
  const writes: readonly Action[] = [
    ['reading', () => service.call(identity, 'read', { params, body: { index } })],
    ['sending', () => service.call(identity, 'send', { params, body })],
    ['handing over', () => service.call(identity, 'transfer', { params, body: { to: worker(1) } })],
    ['closing', () => service.call(worker(1), 'close', { params })],
  ];
  const results: Result[] = [];
  for (const [what, action] of reads) {
    const times: number[] = [];
    for (let turn = 0; turn < READS; turn += 1) {
      const startedAt = performance.now();
      await action();
      times.push(performance.now() - startedAt);
    }
    results.push(told(`${what}, median`, milliseconds(median(times))));
  }
  for (const [what, action] of [...reads, ...writes]) {
    const before = [service.twilio.requests.length, counted.requests] as const;
    await action();
    results.push(
      told(`requests to Twilio: ${what}`, count(service.twilio.requests.length - before[0])),
      told(`requests to DynamoDB: ${what}`, count(counted.requests - before[1])),
    );
  }
  return results;
}

type Action = readonly [what: string, () => Promise<unknown>];

/** Counts what the functions of this process ask of DynamoDB. */
function countDynamo(): { readonly requests: number } {
  let requests = 0;
  dynamo().middlewareStack.add(
    (next) => async (args) => {
      requests += 1;
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
  return {
    get requests() {
      return requests;
    },
  };
}

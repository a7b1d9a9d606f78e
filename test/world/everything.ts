import { lambdaContext } from '../../emulators/lambda/invocation';
import { handler as ping } from '../../lambdas/airtable-webhook';
import { handler as sync } from '../../lambdas/sync';
import { callbackEvent } from './callback-event';
import { tellOf } from './conversations';
import { askCrm } from './crm';
import {
  CONVERSATION_SID,
  CUSTOMER_NUMBER,
  callbackNamed,
  FIVE_CALLBACKS,
  startWorldForFive,
} from './five-callbacks';
import { captureLogLines, type LogLine, type MetricLine } from './log-lines';
import type { World } from './world';

/** The log lines and metrics that the service writes when every reported event occurs. */
export async function letEverythingHappen(): Promise<Written> {
  const world = await startWorldForFive();
  try {
    const written = [
      ...(await goodRequests(world)),
      ...(await optOuts(world)),
      ...(await requestsInTrouble(world)),
      await forgedPing(),
      await runOfSync('pass'),
      await failingRunOfSync(world),
    ];
    return { log: written.flatMap(({ log }) => log), metrics: written.flatMap(({ metrics }) => metrics) };
  } finally {
    await world.close();
  }
}

interface Written {
  readonly log: readonly LogLine[];
  readonly metrics: readonly MetricLine[];
}

async function goodRequests(world: World): Promise<Written[]> {
  const written: Written[] = [];
  for (const { handler, asks, path } of FIVE_CALLBACKS)
    written.push(await world.ask(handler, asks, { path }));
  return written;
}

async function optOuts(world: World): Promise<Written[]> {
  const writes = (Body: string, Author = CUSTOMER_NUMBER) =>
    tellOf(world, 'onMessageAdded', {
      ConversationSid: CONVERSATION_SID,
      MessageSid: `IM${'a'.repeat(32)}`,
      Author,
      Body,
    });
  const kept = [await writes('STOP'), await writes('START'), await writes('STOP', '+14155550199')];
  world.database.fail('server-error');
  const lost = await writes('STOP');
  world.database.fail(null);
  return [...kept, lost];
}

async function requestsInTrouble(world: World): Promise<Written[]> {
  const { handler, asks, path } = callbackNamed('twilio-conversations');
  const create = (number: string) =>
    askCrm(world, 'CreateCustomer', {
      DisplayName: 'New',
      Channels: JSON.stringify([{ type: 'sms', value: number }]),
    });
  const written: Written[] = [
    await world.ask(handler, asks, { path, authToken: 'f'.repeat(32) }),
    await tellOf(world, 'onDeliveryUpdated', {
      ConversationSid: CONVERSATION_SID,
      MessageSid: `IM${'b'.repeat(32)}`,
      Status: 'undelivered',
      ErrorCode: '63016',
    }),
  ];
  world.twilio.faults.next(1, { kind: 'rate-limited' });
  written.push(await world.ask(handler, asks, { path }));
  world.airtable.faults.next(1, { kind: 'unavailable' });
  written.push(await create('+14155550197'));
  world.airtable.faults.next(1, { kind: 'rate-limit' });
  written.push(await create('+14155550198'));
  world.twilio.faults.always({ kind: 'rejected', status: 400, code: 50438, message: 'No such user' });
  const routing = callbackNamed('routing');
  written.push(await world.ask(routing.handler, routing.asks, { path: routing.path }));
  world.twilio.faults.clear();
  return written;
}

function forgedPing(): Promise<Written> {
  return linesOf(() => ping(callbackEvent({}, { path: '/airtable/webhook' }), lambdaContext('test', 10_000)));
}

/** A failed run says so in its log line and throws, so that Lambda counts it. */
function runOfSync(run: 'pass' | 'schedule'): Promise<Written> {
  return linesOf(() => sync({ run }).catch(() => {}));
}

async function linesOf(work: () => Promise<unknown>): Promise<Written> {
  const lines = captureLogLines();
  await work().finally(lines.stop);
  return lines.taken;
}

async function failingRunOfSync(world: World): Promise<Written> {
  world.airtable.faults.always({ kind: 'monthly-quota' });
  const written = await runOfSync('pass');
  world.airtable.faults.clear();
  return written;
}

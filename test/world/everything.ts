import { tellOf } from './conversations';
import { CUSTOMER_NUMBER, callbackNamed, FIVE_CALLBACKS, startWorldForFive } from './five-callbacks';
import type { LogLine, MetricLine } from './log-lines';
import type { Answer, World } from './world';

/** What the service writes when everything happens that it tells of: its log lines and its metrics. */
export async function letEverythingHappen(): Promise<{
  readonly log: readonly LogLine[];
  readonly metrics: readonly MetricLine[];
}> {
  const world = await startWorldForFive();
  try {
    return gather(await answersTo(world));
  } finally {
    await world.close();
  }
}

function gather(answers: readonly Answer[]) {
  return { log: answers.flatMap(({ log }) => log), metrics: answers.flatMap(({ metrics }) => metrics) };
}

async function answersTo(world: World): Promise<Answer[]> {
  const { handler, path, asks } = callbackNamed('twilio-conversations');
  const writes = (Body: string) =>
    tellOf(world, 'onMessageAdded', {
      ConversationSid: `CH${'a'.repeat(32)}`,
      Author: CUSTOMER_NUMBER,
      Body,
    });

  const answers: Answer[] = [];
  for (const each of FIVE_CALLBACKS)
    answers.push(await world.ask(each.handler, each.asks, { path: each.path }));
  answers.push(await world.ask(handler, asks, { path, authToken: 'f'.repeat(32) }));
  answers.push(await writes('STOP'), await writes('START'));
  world.airtable.faults.next(1, { kind: 'rate-limit' });
  world.twilio.faults.next(1, { kind: 'rate-limited' });
  answers.push(await world.ask(handler, asks, { path }));
  world.twilio.faults.always({ kind: 'refused', status: 400, code: 50438, message: 'No such user' });
  const routing = callbackNamed('routing');
  answers.push(await world.ask(routing.handler, routing.asks, { path: routing.path }));
  return answers;
}

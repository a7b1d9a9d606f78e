import type { Bundles } from './bundles';
import { median } from './median';
import { conversationsOf, madeUpCustomers, QUESTIONS, type Question } from './questions';
import { atMost, count, milliseconds, type Result, told } from './result';
import { Service } from './service';

const CALLBACKS = 100;
const CUSTOMERS = 400;

/**
 * Equally many requests of each kind, including STOPs. The base is limited to Airtable's 5 requests a second, with half
 * a minute of penalty.
 */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const service = await Service.start(bundles, { customers: madeUpCustomers(CUSTOMERS) });
  try {
    await service.readBase();
    const conversations = conversationsOf(service);
    const questions: readonly Question[] = [...Object.values(QUESTIONS), STOP];
    const asked = Array.from(
      { length: CALLBACKS },
      (_, index) => questions[index % questions.length] ?? STOP,
    );
    const answers = await Promise.all(
      asked.map(async ({ callback, parameters }) => {
        const startedAt = performance.now();
        const { status } = await service.ask(callback, parameters(conversations));
        return { status, time: performance.now() - startedAt };
      }),
    );
    const times = answers.map(({ time }) => time);
    return [
      atMost(
        `of ${CALLBACKS} callbacks at once fail`,
        count(answers.filter(({ status }) => status !== 200).length),
        count(0),
      ),
      told('median', milliseconds(median(times))),
      told('slowest', milliseconds(Math.max(...times))),
    ];
  } finally {
    await service.close();
  }
}

/** A number that no customer has, so that the guard lets the other messages through. */
const STOP: Question = {
  callback: 'twilio-conversations',
  parameters: ({ next }) => ({
    EventType: 'onMessageAdded',
    ConversationSid: next(),
    Author: '+14155550199',
    Body: 'STOP',
  }),
};

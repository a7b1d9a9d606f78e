import type { Bundles } from './bundles';
import { median } from './median';
import { conversationsOf, madeUpCustomers, QUESTIONS } from './questions';
import { atMost, count, milliseconds, type Result, told } from './result';
import { Service } from './service';

const CUSTOMERS = 400;
const WARM_UP = 10;
const MEASURED = 50;

/** Requests of warm callbacks to Airtable, and their latency, one at a time. */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const service = await Service.start(bundles, { customers: madeUpCustomers(CUSTOMERS) });
  try {
    await service.readBase();
    const { airtable, twilio } = service.surroundings;
    const conversations = conversationsOf(service);
    const results: Result[] = [];
    for (const [what, { callback, parameters }] of Object.entries(QUESTIONS)) {
      const before = [airtable.requests.length, twilio.requests.length] as const;
      const times: number[] = [];
      for (let turn = 0; turn < WARM_UP + MEASURED; turn += 1) {
        const startedAt = performance.now();
        const { status, body } = await service.ask(callback, parameters(conversations));
        if (turn >= WARM_UP) times.push(performance.now() - startedAt);
        if (status !== 200) throw new Error(`${callback} returns ${status} for ${what}: ${body}`);
      }
      const toTwilio = (twilio.requests.length - before[1]) / (WARM_UP + MEASURED);
      results.push(
        atMost(`${what}: requests to Airtable`, count(airtable.requests.length - before[0]), count(0)),
        told(`${what}: ${toTwilio} requests to Twilio, median`, milliseconds(median(times))),
      );
    }
    return results;
  } finally {
    await service.close();
  }
}

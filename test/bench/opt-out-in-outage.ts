/** One customer's STOP while Airtable fails: the folder of the bundles and the outage's name are the arguments. */

import { setTimeout as pause } from 'node:timers/promises';
import { bundlesIn } from './bundles';
import { sendToParent } from './child';
import { OUTAGES } from './outages';
import { ADDRESS, conversationsOf, firstCustomer, madeUpCustomers, QUESTIONS } from './questions';
import { Service } from './service';

const CUSTOMERS = 20;
/** How long Airtable keeps failing after the first failed request. */
const GOES_ON_MS = 2_000;
/** The scheduled runs come faster than every five minutes. */
const SCHEDULE_MS = 1_000;
const PATIENCE_MS = 90_000;

const [folder = '', name = ''] = process.argv.slice(2);
const fault = OUTAGES[name];
if (fault === undefined) throw new Error(`There is no outage ${name}`);

const service = await Service.start(await bundlesIn(folder), { customers: madeUpCustomers(CUSTOMERS) });
await service.readBase();
const { airtable } = service.surroundings;
const { current } = conversationsOf(service);

airtable.faults.always(fault, () => true);
const requestsBefore = airtable.requests.length;
const { status: stop } = await service.ask('twilio-conversations', {
  EventType: 'onMessageAdded',
  ConversationSid: current,
  MessageSid: `IM${'0'.repeat(32)}`,
  Author: ADDRESS,
  Body: 'STOP',
});
const messageDuring = await workersMessage();
const hasMetFault = await waitFor(() => airtable.requests.length > requestsBefore, 10_000);
await pause(GOES_ON_MS);

airtable.faults.clear();
const isBackSince = performance.now();
const isTicked = await waitFor(async () => {
  await service.sync('schedule');
  return Boolean(firstCustomer(service).fields['opt_out']);
}, PATIENCE_MS);
const tickedAfter = (performance.now() - isBackSince) / 1_000;
const messageAfter = await workersMessage();
sendToParent({ stop, hasMetFault, messageDuring, messageAfter, isTicked, tickedAfter });

/** The status returned for a worker's message to the customer: 403 if it is rejected. */
async function workersMessage(): Promise<number> {
  const { callback, parameters } = QUESTIONS.guard;
  return (await service.ask(callback, parameters({ current, next: () => current }))).status;
}

async function waitFor(isTrue: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > milliseconds) return false;
    await pause(SCHEDULE_MS);
  }
  return true;
}

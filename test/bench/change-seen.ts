import type { Bundles } from './bundles';
import { firstCustomer, madeUpCustomers, WORKER } from './questions';
import { atMost, type Result, seconds } from './result';
import { searchAll, secondsUntil } from './seen';
import { Service } from './service';

const CUSTOMERS = 300;
/** Airtable's response time. */
const REQUEST_MS = 150;
const AFTER_PING = seconds(5);
/** The goal for a drain that the schedule starts: SYNC_MINUTES, and as long as a ping's drain may take. */
const DRAIN = seconds(5);

/**
 * How long after an edit in Airtable a worker's search finds the new name. The schedule of five minutes is not waited
 * for: if the ping is lost, the time counts from when the schedule starts its run.
 */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const service = await Service.start(bundles, {
    customers: madeUpCustomers(CUSTOMERS),
    isCalledByAirtable: true,
  });
  try {
    const { airtable } = service.surroundings;
    airtable.faults.always({ kind: 'slow', milliseconds: REQUEST_MS }, () => true);
    await service.readBase();
    const rename = (name: string) => renameFirst(service, name);
    const isSeen = async (name: string) => (await searchAll(service, WORKER, name)).has(name);

    airtable.webhooks.dropPings();
    rename('Without A Ping');
    const lost = secondsUntil(() => isSeen('Without A Ping'));
    await service.sync('schedule');
    const afterSchedule = await lost;

    airtable.webhooks.dropPings(0);
    rename('With A Ping');
    const afterPing = await secondsUntil(() => isSeen('With A Ping'));
    return [
      atMost('change seen after the ping, right after a run by schedule', seconds(afterPing), AFTER_PING),
      atMost(
        'with the ping lost, seen after the start of the run by schedule',
        seconds(afterSchedule),
        DRAIN,
      ),
    ];
  } finally {
    await service.close();
  }
}

function renameFirst(service: Service, name: string): void {
  service.surroundings.airtable.edit.changeRecord('Customers', firstCustomer(service).id, { name });
}

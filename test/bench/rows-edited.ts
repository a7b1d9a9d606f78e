import type { Bundles } from './bundles';
import { customersIn, madeUpCustomers } from './questions';
import { atMost, count, type Result, seconds } from './result';
import { searchAll, secondsUntil } from './seen';
import { Service } from './service';

const CUSTOMERS = 1_000;
const EDITED = 400;
/** How long Airtable takes for a request. */
const REQUEST_MS = 150;
const GOAL = { time: seconds(60), requests: count(60) };

/** The whole team's owner: each search looks through the worker's list of all edited rows. */
const OWNER = 'everyone@example.com';

/** Many rows are edited at once: pasted, which is one action, and one by one by an automation. */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const customers = madeUpCustomers(CUSTOMERS).map((row) => ({ ...row, owner: OWNER }));
  const service = await Service.start(bundles, { customers, isCalledByAirtable: true });
  try {
    const { airtable } = service.surroundings;
    airtable.faults.always({ kind: 'slow', milliseconds: REQUEST_MS }, () => true);
    await service.readBase();
    const results: Result[] = [];
    const edits = {
      pasted: () => airtable.edit.atOnce(() => renameRows(service, 'Pasted')),
      'edited one by one': () => renameRows(service, 'Edited'),
    };
    for (const [how, edit] of Object.entries(edits)) {
      const before = airtable.requests.length;
      edit();
      const name = how === 'pasted' ? 'Pasted' : 'Edited';
      const time = await secondsUntil(() => isEachSeen(service, name));
      const requests = airtable.requests.length - before;
      results.push(
        atMost(`${EDITED} rows ${how}: seen`, seconds(time), GOAL.time),
        atMost(`${EDITED} rows ${how}: requests to Airtable`, count(requests), GOAL.requests),
      );
    }
    return results;
  } finally {
    await service.close();
  }
}

function renameRows(service: Service, name: string): void {
  for (const [index, { id }] of customersIn(service).slice(0, EDITED).entries()) {
    service.surroundings.airtable.edit.changeRecord('Customers', id, { name: rowName(name, index) });
  }
}

function rowName(name: string, index: number): string {
  return `${name} ${String(index).padStart(3, '0')}`;
}

/** Whether the pages that the worker's search brings have all edited rows. */
async function isEachSeen(service: Service, name: string): Promise<boolean> {
  const seen = await searchAll(service, OWNER, name);
  return Array.from({ length: EDITED }, (_, index) => rowName(name, index)).every((each) => seen.has(each));
}

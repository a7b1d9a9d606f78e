import { beforeEach } from '@jest/globals';
import type { OptOutEvent } from '../../../lambdas/opt-out/opt-out-store';
import type { DynamoOptOutStore } from '../../../lambdas/replica/dynamo-opt-out-store';
import type { SyncEvent } from '../../../lambdas/sync/sync-event';
import { type SomeCustomer, useReplica, write } from '../../lambdas/replica/replica-fixture';

/** A service's two tables in an in-process DynamoDB, new for each test, and the events of its runs of sync. */
export function useService() {
  const replica = useReplica({ isComplete: false });
  const started: SyncEvent[] = [];
  let optOuts: DynamoOptOutStore;
  const renew = async () => {
    optOuts = await replica.dynamo.newOptOuts();
    started.length = 0;
  };
  beforeEach(renew);
  return {
    get replica() {
      return replica.store;
    },
    get optOuts() {
      return optOuts;
    },
    started,
    /** Continues with blank tables, as the next test does. */
    begin: async () => {
      await replica.begin();
      await renew();
    },
    startSync: async (event: SyncEvent) => {
      started.push(event);
    },
    put: async (...customers: readonly SomeCustomer[]) => {
      for (const customer of customers) await replica.store.putCustomer(write(customer));
    },
  };
}

let events = 0;

/** An opt-out by SMS with the keyword STOP, with the given changes. */
export function anEvent(changes: Partial<OptOutEvent> = {}): OptOutEvent {
  events += 1;
  return {
    kind: 'opt-out',
    channel: 'sms',
    keyword: 'STOP',
    at: '2026-11-01T10:00:00.000Z',
    id: `IM${String(events).padStart(32, '0')}`,
    ...changes,
  };
}

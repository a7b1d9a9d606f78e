import type { OptOutEvent } from '../../../lambdas/opt-out/opt-out-store';
import { DynamoOptOutStore } from '../../../lambdas/replica/dynamo-opt-out-store';
import type { SyncEvent } from '../../../lambdas/sync/sync-event';
import { OPT_OUTS, type SomeCustomer, startReplica, write } from '../../lambdas/replica/replica-fixture';

/** A service's two tables in an in-process DynamoDB, and the events of its runs of sync. */
export async function startService() {
  const dynamoDb = await startReplica();
  const base = dynamoDb.newBase();
  const { client } = base;
  const replica = base.store();
  const optOuts = new DynamoOptOutStore({ client, table: OPT_OUTS });
  const started: SyncEvent[] = [];
  return {
    dynamoDb,
    base,
    replica,
    optOuts,
    started,
    startSync: async (event: SyncEvent) => {
      started.push(event);
    },
    put: async (...customers: readonly SomeCustomer[]) => {
      for (const customer of customers) await replica.putCustomer(write(customer));
    },
    close: () => dynamoDb.close(),
  };
}

export type Service = Awaited<ReturnType<typeof startService>>;

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

import { beforeEach, describe, expect, test } from '@jest/globals';
import { handler } from '../../lambdas/sync';
import { captureLogLines } from '../world/log-lines';
import { startWorld, world } from '../world/use-world';

beforeEach(async () => {
  await startWorld({
    customers: [{ name: 'Ann', sms: '+14155550101', owner: 'ana@example.com' }],
    synced: false,
    settings: { AIRTABLE_WEBHOOK_URL: 'http://127.0.0.1:9/airtable/webhook' },
  });
  world.airtable.webhooks.dropPings(Number.POSITIVE_INFINITY);
});

async function run(event: unknown = { run: 'schedule' }) {
  const lines = captureLogLines();
  try {
    const failure: unknown = await handler(event).then(
      () => null,
      (error: unknown) => error,
    );
    return { failure, log: lines.taken.log, metrics: lines.taken.metrics.map(({ values }) => values) };
  } finally {
    lines.stop();
  }
}

describe('the function sync', () => {
  test('reads the base, and reports it in one log line and its metrics', async () => {
    const { failure, log, metrics } = await run();
    expect(failure).toBeNull();
    expect(log).toMatchObject([
      {
        message: 'sync ran',
        level: 'INFO',
        run: 'schedule',
        kind: 'pass',
        passReason: 'first',
        recordsRead: 1,
        customersWritten: 1,
        optOutsWaiting: 0,
      },
    ]);
    expect(metrics).toMatchObject([
      {
        ReplicaAgeSeconds: 0,
        SyncFailures: 0,
        RequiredColumnsMissing: 0,
        ReplicaRepairs: 0,
        WaitingOptOutSeconds: 0,
      },
    ]);
    expect(metrics[0]?.['SyncAirtableRequests']).toBe(world.airtable.requests.length);
    expect((await run()).log).toMatchObject([{ kind: 'drain' }]);
  });

  test('names the missing column, and fails', async () => {
    await run();
    world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    world.airtable.edit.deleteRecord('Customers', world.airtable.base.tables[0]?.records[0]?.id ?? '');
    const { failure, log, metrics } = await run();
    expect(failure).toMatchObject({ message: expect.stringContaining('opt_out') });
    expect(log).toMatchObject([{ level: 'ERROR', failure: { name: 'RequiredColumnsMissingError' } }]);
    expect(metrics).toMatchObject([{ SyncFailures: 1, RequiredColumnsMissing: 1 }]);
  });

  test('fails with the wrong setting', async () => {
    process.env['REPLICA_TABLE_NAME'] = '';
    const { failure, log, metrics } = await run();
    expect(failure).toMatchObject({ message: expect.stringContaining('REPLICA_TABLE_NAME') });
    expect(log).toMatchObject([{ level: 'ERROR', failure: { name: 'Misconfigured' } }]);
    expect(metrics).toMatchObject([{ SyncFailures: 1 }]);
  });

  test('rejects an unknown event', async () => {
    expect((await run({ run: 'everything' })).failure).not.toBeNull();
  });
});

import { describe, expect, test } from '@jest/globals';
import { applyPlan } from '../../../cli/plan/apply';
import { type ReplicaStepOptions, replicaStep } from '../../../cli/replica/replica-step';
import { waitForPass } from '../../../cli/replica/wait-for-pass';
import type { SyncState } from '../../../lambdas/replica/replica-store';
import type { SyncEvent } from '../../../lambdas/sync/sync-event';
import { MemoryReplicaStore } from '../../lambdas/sync/model/memory-replica-store';
import { aScreen } from '../terminal/scripted-screen';

const NOTHING: SyncState = new MemoryReplicaStore().state;
const NOW = 1_800_000_000_000;
const SECOND = 1_000;
const pass = (startedAt: number, customers: number) => ({
  lastPass: { startedAt, finishedAt: startedAt + 1, customers, mappingVersion: '1' },
  passProgress: null,
});

/**
 * A replica whose state changes the given seconds after a run of sync starts, or at once if one is running. Time passes
 * only during waits.
 */
function aReplica(
  initial: Partial<SyncState>,
  changes: Readonly<Record<number, Partial<SyncState>>>,
  isUnderWay = false,
) {
  const started: { readonly event: SyncEvent; readonly second: number }[] = [];
  const told: string[] = [];
  let elapsed = 0;
  let beganAt: number | null = isUnderWay ? 0 : null;
  const state = (): SyncState => {
    const due = Object.entries(changes).filter(
      ([second]) => beganAt !== null && elapsed - beganAt >= Number(second) * SECOND,
    );
    return Object.assign({}, NOTHING, initial, ...due.map(([, each]) => each));
  };
  return {
    started,
    told,
    waiting: {
      replica: { readState: async () => state() },
      startSync: async (event: SyncEvent) => {
        started.push({ event, second: elapsed / SECOND });
        beganAt ??= elapsed;
      },
      onProgress: (progress: string) => told.push(progress),
      now: () => NOW + elapsed,
      pause: async (milliseconds: number) => {
        elapsed += milliseconds;
      },
    },
  };
}

describe('waiting for the first pass', () => {
  test('starts it, reports its progress, and returns the number of customers', async () => {
    const { waiting, started, told } = aReplica(NOTHING, {
      2: { passProgress: { startedAt: NOW, customers: 1 } },
      4: { passProgress: { startedAt: NOW, customers: 200 } },
      6: pass(NOW, 250),
    });

    expect(await waitForPass(waiting)).toBe(250);
    expect(started).toEqual([{ event: { run: 'pass' }, second: 0 }]);
    expect([...new Set(told)]).toEqual([
      'waiting for sync to start',
      '1 customer read',
      '200 customers read',
    ]);
  });

  test('does not start another if one is running, as after a setup that was killed', async () => {
    const underWay = { passProgress: { startedAt: NOW - 30 * SECOND, customers: 100 } };
    const { waiting, started } = aReplica(underWay, { 3: pass(NOW, 250) }, true);

    expect(await waitForPass(waiting)).toBe(250);
    expect(started).toEqual([]);
  });

  test('starts another if the running one was killed long ago', async () => {
    const dead = { passProgress: { startedAt: NOW - 20 * 60 * SECOND, customers: 100 } };
    const { waiting, started } = aReplica(dead, { 3: pass(NOW, 250) });

    await waitForPass(waiting);

    expect(started).toHaveLength(1);
  });

  test('starts another if the previous one has failed', async () => {
    const failed = {
      passProgress: { startedAt: NOW - 30 * SECOND, customers: 100 },
      lastFailure: { at: NOW - 20 * SECOND, message: 'Airtable is down' },
    };
    const { waiting, started } = aReplica(failed, { 3: pass(NOW, 250) });

    expect(await waitForPass(waiting)).toBe(250);
    expect(started.map(({ second }) => second)).toEqual([0]);
  });

  test('restarts it if its function was killed midway and reports nothing more', async () => {
    const begun = { passProgress: { startedAt: NOW - 30 * SECOND, customers: 100 } };
    const { waiting, started } = aReplica(begun, { 3: pass(NOW, 250) });

    expect(await waitForPass(waiting)).toBe(250);
    expect(started.map(({ second }) => second)).toEqual([61]);
  });

  test("fails with sync's reason", async () => {
    const { waiting } = aReplica(NOTHING, {
      2: { lastFailure: { at: NOW + 2, message: 'The Customers table lacks columns (optOut)' } },
    });

    await expect(waitForPass(waiting)).rejects.toThrow(
      'the base could not be read into the replica: The Customers table lacks columns (optOut)',
    );
  });

  test('ignores the failure of an earlier run', async () => {
    const failed = { lastFailure: { at: NOW - 1, message: 'no token yet' } };
    const { waiting } = aReplica(failed, { 5: pass(NOW, 250) });

    expect(await waitForPass(waiting)).toBe(250);
  });

  test('gives up without progress, and says where to look', async () => {
    const { waiting, started } = aReplica(NOTHING, {});

    await expect(waitForPass(waiting)).rejects.toThrow(
      /sync has not reported for 3 minutes: npx frontline logs/,
    );
    expect(started.map(({ second }) => second)).toEqual([0, 61, 122]);
  });

  test('waits as long as it makes progress', async () => {
    const pages = Object.fromEntries(
      Array.from({ length: 10 }, (_, page) => [
        page * 55,
        { passProgress: { startedAt: NOW, customers: page * 100 } },
      ]),
    );
    const { waiting, started } = aReplica(NOTHING, { ...pages, 540: pass(NOW, 1_000) });

    expect(await waitForPass(waiting)).toBe(1_000);
    expect(started).toHaveLength(1);
  });
});

describe('the step of a setup', () => {
  const { signal } = new AbortController();
  const OPTIONS = { mappingVersion: '1', mayManageWebhooks: async () => true };
  const apply = async (
    { waiting }: ReturnType<typeof aReplica>,
    options: Partial<ReplicaStepOptions> = {},
  ) => {
    const { screen, text } = aScreen();
    const step = replicaStep({ ...OPTIONS, ...waiting, open: async () => waiting, ...options });
    const { isComplete } = await applyPlan(step, screen, { kind: 'given' }, signal);
    return { isComplete, text: text() };
  };

  test('reads the base if the replica was never complete', async () => {
    const replica = aReplica(NOTHING, { 2: pass(NOW, 250) });

    const { isComplete, text } = await apply(replica);

    expect(isComplete).toBe(true);
    expect(text).toContain('✓ Read the whole base into the replica');
  });

  test('has nothing to do if it is complete', async () => {
    const replica = aReplica(pass(NOW, 250), {});

    const { text } = await apply(replica);

    expect(replica.started).toEqual([]);
    expect(text).toContain('✓ The replica has 250 customers, read completely at 2027-01-15T08:00:00.001Z');
  });

  test('reads the base again if this version maps records differently', async () => {
    const replica = aReplica(pass(NOW - 1, 250), { 2: pass(NOW, 251) });

    await apply(replica, { mappingVersion: '2' });

    expect(replica.started).toHaveLength(1);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('without a webhook, reads it again if the token may now create one: %s', async (may, runs) => {
    const withoutWebhook = { ...pass(NOW - 1, 250), webhookProblem: 'forbidden' };
    const replica = aReplica(withoutWebhook, { 2: { ...pass(NOW, 250), webhookProblem: null } });

    await apply(replica, { mayManageWebhooks: async () => may });

    expect(replica.started).toHaveLength(runs);
  });

  test('only shows its changes in a dry run, also before deployment', async () => {
    const { screen, text } = aScreen();

    await applyPlan(replicaStep({ ...OPTIONS, open: async () => null }), screen, { kind: 'dry-run' }, signal);

    expect(text()).toContain('→ Read the whole base into the replica');
  });

  test('fails with the reason, so that setup ends there', async () => {
    const replica = aReplica(NOTHING, { 1: { lastFailure: { at: NOW + 1, message: 'Airtable is down' } } });

    await expect(apply(replica)).rejects.toThrow(
      /Read the whole base into the replica.*\. the base could not be read.*Airtable is down/,
    );
  });
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { act, anAction } from './model/actions';
import { SyncModel } from './model/sync-model';

const RUNS = Number(process.env['SYNC_PROPERTY_RUNS'] ?? 150);
const SEED = process.env['SYNC_PROPERTY_SEED'];

test('after any actions the guard stays closed, and in the end the replica equals the base', async () => {
  let passes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anAction, { minLength: 1, maxLength: 60, size: 'max' }), async (actions) => {
      const model = new SyncModel();
      for (const action of actions) await act(model, action);
      await model.converge();
      passes += 1;
    }),
    { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
  expect(passes).toBeGreaterThanOrEqual(RUNS);
}, 600_000);

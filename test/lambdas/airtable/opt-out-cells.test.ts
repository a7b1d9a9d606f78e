import { expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { writeOptOut } from '../../../lambdas/airtable/opt-out-cells';
import { serve } from '../../emulators/airtable/serve';
import { openClient } from './open-client';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Customer ${index}` }));
const idsIn = (airtable: AirtableEmulator) => airtable.base.tables[0]?.records.map(({ id }) => id) ?? [];
const cellsIn = (airtable: AirtableEmulator) =>
  airtable.base.tables[0]?.records.map(({ fields }) => fields['opt_out']) ?? [];
const all = (ids: readonly string[], outcome: object) => new Map(ids.map((id) => [id, outcome]));

test.each([
  ['checkbox', true],
  ['singleLineText', 'true'],
] as const)('a column that is a %s is ticked with %j, ten records at a time', async (type, cell) => {
  const airtable = await serve([customersTable(rows(23), { opt_out: type })]);

  expect(await writeOptOut(openClient(airtable), idsIn(airtable), true)).toEqual(
    all(idsIn(airtable), { outcome: 'written' }),
  );

  expect(cellsIn(airtable)).toEqual(rows(23).map(() => cell));
  expect(airtable.requests.length).toBe(type === 'checkbox' ? 3 : 4);
});

test('a tick is also removed', async () => {
  const airtable = await serve([customersTable([{ name: 'Ann', opt_out: true }], { opt_out: 'checkbox' })]);

  await writeOptOut(openClient(airtable), idsIn(airtable), false);

  expect(cellsIn(airtable)[0] ?? false).toBe(false);
});

test('a record that is gone does not block others', async () => {
  const airtable = await serve([customersTable(rows(4), { opt_out: 'checkbox' })]);
  const [first = '', ...others] = idsIn(airtable);
  const gone = 'recGone0000000000';

  const outcomes = await writeOptOut(openClient(airtable), [first, gone, ...others], true);

  expect(outcomes.get(gone)).toEqual({ outcome: 'gone' });
  expect([first, ...others].map((id) => outcomes.get(id))).toEqual(
    rows(4).map(() => ({ outcome: 'written' })),
  );
  expect(cellsIn(airtable)).toEqual([true, true, true, true]);
});

test('where Airtable is down, the batch that was sent may have been written, and the rest is not tried', async () => {
  const airtable = await serve([customersTable(rows(30))]);
  airtable.faults.always({ kind: 'server-error' });

  const outcomes = await writeOptOut(openClient(airtable), idsIn(airtable), true);

  const reason = 'Airtable returned 500';
  expect([...outcomes.values()]).toEqual([
    ...rows(10).map(() => ({ outcome: 'unknown', reason })),
    ...rows(20).map(() => ({ outcome: 'rejected', reason })),
  ]);
  expect(airtable.requests).toHaveLength(4);
});

test('where Airtable throttles every attempt, nothing was written', async () => {
  const airtable = await serve([customersTable(rows(1))]);
  airtable.faults.always({ kind: 'rate-limit' });

  const outcomes = await writeOptOut(openClient(airtable), idsIn(airtable), true);

  expect([...outcomes.values()]).toMatchObject([{ outcome: 'rejected' }]);
});

test('without the column, every record is rejected', async () => {
  const airtable = await serve([customersTable(rows(12), { opt_out: null })]);

  const outcomes = await writeOptOut(openClient(airtable), idsIn(airtable), true);

  expect(outcomes.size).toBe(12);
  expect([...outcomes.values()]).toEqual(
    rows(12).map(() => ({ outcome: 'rejected', reason: expect.stringContaining('opt_out') })),
  );
});

test('no request is sent without records', async () => {
  const airtable = await serve([customersTable([])]);

  expect((await writeOptOut(openClient(airtable), [], true)).size).toBe(0);
  expect(airtable.requests).toHaveLength(0);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { customer, useReplica, write } from './replica-fixture';

const RECORD = 'rec00000000000001';
/** Airtable's maximum length of a cell. */
const CELL = 100_000;

const replica = useReplica({ isComplete: false });

async function stored() {
  return (await replica.store.customersByRecordId([RECORD])).get(RECORD)?.customer;
}

describe('a record that is too large for an item', () => {
  test('loses its longest columns, and keeps the rest', async () => {
    const some = {
      name: 'Ann',
      sms: '+14155550101',
      optOutCell: 'yes',
      notes: 'short',
      columns: { notes: 'short', Essay: 'é'.repeat(CELL), Poem: '漢'.repeat(CELL), City: 'Lima' },
    } as const;
    expect(await replica.store.putCustomer(write(some))).toEqual({ outcome: 'written', trimmed: ['Poem'] });
    const { Poem: _, ...columns } = some.columns;
    expect(await stored()).toEqual(customer({ ...some, columns }));
  });

  test('keeps notes as long as a cell, because they are stored once', async () => {
    const notes = '漢'.repeat(CELL);
    const some = { name: 'Ann', notes, columns: { notes, City: 'Lima' } };
    expect(await replica.store.putCustomer(write(some))).toEqual({ outcome: 'written', trimmed: [] });
    expect(await stored()).toEqual(customer(some));
  });

  test('also loses its notes, in the details and among the columns', async () => {
    const notes = '漢'.repeat(CELL);
    const some = { name: 'Ann', notes, columns: { notes, Poem: '漢'.repeat(CELL / 2) } };
    expect(await replica.store.putCustomer(write(some))).toEqual({ outcome: 'written', trimmed: ['notes'] });
    expect(await stored()).toEqual(customer({ name: 'Ann', columns: { Poem: some.columns.Poem } }));
  });

  test('keeps owner, addresses and opt-out, with a name as long as a cell', async () => {
    const some = {
      name: '漢'.repeat(CELL),
      owner: 'ana@example.com',
      sms: '+14155550101',
      optOutCell: 'yes',
      columns: { name: '漢'.repeat(CELL), owner: 'ana@example.com' },
    } as const;
    expect(await replica.store.putCustomer(write(some))).toMatchObject({ outcome: 'written' });
    const kept = await stored();
    expect(kept).toMatchObject({ owner: some.owner, sms: some.sms, optOutCell: 'yes' });
    expect(some.name.startsWith(kept?.name ?? 'x')).toBe(true);
    expect(await replica.store.recordIdsAt(['phone:+14155550101'], [])).toEqual([RECORD]);
  });

  test('is stored with thousands of numbers in a cell', async () => {
    const addressKeys = Array.from(
      { length: 2_000 },
      (_, index) => `phone:+1415555${index + 1_000}` as const,
    );
    expect(await replica.store.putCustomer(write({ addressKeys }))).toMatchObject({ outcome: 'written' });
    expect(await replica.store.recordIdsAt(['phone:+14155552999'], [])).toEqual([RECORD]);
  });

  test('never prevents another from being stored, for any texts', async () => {
    const unit = fc.constantFrom('a', 'é', '漢', '😀', '\ud800', '\u0000', '\t', '"', '\\', '#');
    const long = fc
      .tuple(fc.string({ unit, maxLength: 4 }), fc.integer({ min: 1, max: 30_000 }))
      .map(([text, times]) => text.repeat(times).slice(0, CELL));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ name: long, notes: long, owner: long, id: long }),
        fc.dictionary(long, long, { maxKeys: 4 }),
        async ({ id, ...some }, columns) => {
          await replica.begin();
          const given = write({ ...some, columns, id: id || RECORD }, { hash: 'x' });
          expect(await replica.store.putCustomer(given)).toMatchObject({ outcome: 'written' });
          expect(await stored()).toMatchObject({ recordId: RECORD, optOutCell: 'no' });
        },
      ),
      { numRuns: 15 },
    );
  });
});

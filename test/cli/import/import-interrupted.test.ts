import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ImportProgress } from '../../../cli/import/import-customers';
import { type AirtableEmulator, startAirtable } from '../../../emulators/airtable/airtable-emulator';
import type { Fault } from '../../../emulators/airtable/airtable-faults';
import { aBase, aCollaborator, customersTable } from '../../../emulators/airtable/base-data';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { aFile, customersFile, lines, numberOf, rejectsOf } from './csv-files';
import { baseOf, createsOf, customersIn, importInto, isCreate, listener } from './importing';

const crm = () => serve([customersTable([])]);
const numbersIn = (emulator: AirtableEmulator) => customersIn(emulator).map(({ sms }) => sms);
const numbersUpTo = (count: number) => Array.from({ length: count }, (_, index) => numberOf(index));

/** Calls back at this kind of progress, when so many rows are done. */
const at =
  (kind: ImportProgress['kind'], then: () => void, done: number | null = null) =>
  (progress: ImportProgress) => {
    if (progress.kind === kind && (done === null || ('done' in progress && progress.done === done))) then();
  };

/** Lets only the nth create through. */
function nthCreate(nth: number, then: () => void = () => {}) {
  let creates = 0;
  return (request: { readonly method: string; readonly path: string }) => {
    const isIt = isCreate(request) && ++creates === nth;
    if (isIt) then();
    return isIt;
  };
}

describe('rows whose response is lost', () => {
  test.each<{ named: string; fault: Fault }>([
    { named: 'after they were written', fault: { kind: 'response-lost' } },
    { named: 'with the request', fault: { kind: 'connection-reset' } },
    { named: 'in a failure of Airtable', fault: { kind: 'server-error' } },
    { named: 'in a page of a proxy', fault: { kind: 'html' } },
  ])('$named are in the base once', async ({ fault }) => {
    const emulator = await crm();
    const { told, onProgress } = listener();
    emulator.faults.next(1, fault, nthCreate(2));

    const report = await importInto(emulator, await customersFile(25), { onProgress });

    expect(report).toMatchObject({ created: 25, rejected: [], unfinished: null });
    expect(numbersIn(emulator)).toEqual(numbersUpTo(25));
    expect(told.filter(({ kind }) => kind === 'waiting')).toEqual([
      {
        kind: 'waiting',
        seconds: 0.01,
        reason: expect.stringContaining('then the base is searched for these rows'),
      },
    ]);
  });

  test('are searched for by their numbers, without rereading the whole base', async () => {
    const emulator = await serve([customersTable(Array.from({ length: 350 }, () => ({ name: 'Old' })))]);
    emulator.faults.next(1, { kind: 'response-lost' }, nthCreate(1));

    await importInto(emulator, await customersFile(10));

    const listings = emulator.requests.filter(({ path }) => path.endsWith('/listRecords'));
    expect(listings).toHaveLength(4 + 1);
    expect(createsOf(emulator)).toBe(1);
  });

  test('are created, except for those that were added by others meanwhile', async () => {
    const emulator = await crm();
    emulator.faults.next(
      1,
      { kind: 'connection-reset' },
      nthCreate(1, () => {
        emulator.edit.addRecord('Customers', { name: 'Customer 3', sms: numberOf(3) });
        emulator.edit.addRecord('Customers', { name: 'Eve', sms: numberOf(5) });
      }),
    );

    const report = await importInto(emulator, await customersFile(8));

    expect(report.rejected).toEqual([
      { line: 7, reason: expect.stringContaining('belongs to "Eve" in the base') },
    ]);
    expect(report).toMatchObject({ created: 7, unfinished: null });
    expect(numbersIn(emulator).sort()).toEqual(numbersUpTo(8));
  });

  test('again and again end the import, and the next import continues it', async () => {
    const emulator = await crm();
    emulator.faults.always({ kind: 'server-error' }, isCreate);
    const file = await customersFile(25);

    const first = await importInto(emulator, file);
    emulator.faults.clear();
    const second = await importInto(emulator, file);

    expect(first).toMatchObject({
      created: 0,
      unfinished: { reason: expect.stringContaining('Airtable repeatedly failed to respond'), rowsLeft: 25 },
    });
    expect(second).toMatchObject({ created: 25, unfinished: null });
    expect(numbersIn(emulator)).toEqual(numbersUpTo(25));
  });
});

describe('an import that ends early', () => {
  test('by its signal reports the finished and the remaining rows, and the next one does the rest', async () => {
    const emulator = await crm();
    const file = await aFile(
      lines('name,sms', ...numbersUpTo(35).map((number, index) => `Customer ${index},${number}`), 'Zoe,12'),
    );
    const stopping = new AbortController();

    const first = await importInto(emulator, file, {
      signal: stopping.signal,
      onProgress: at('importing', () => stopping.abort(), 20),
    });

    expect(first).toEqual({
      file,
      rows: 36,
      created: 20,
      withoutOwner: 20,
      existing: 0,
      rejected: [{ line: 37, reason: expect.stringContaining('"12"') }],
      rejectsFile: rejectsOf(file),
      ignoredColumns: [],
      leftOut: [],
      unfinished: { reason: 'it was interrupted', rowsLeft: 15 },
    });
    expect(await readFile(rejectsOf(file), 'utf8')).toContain('Zoe,12');
    expect(numbersIn(emulator)).toEqual(numbersUpTo(20));
    expect(await importInto(emulator, file)).toMatchObject({
      created: 15,
      existing: 20,
      unfinished: null,
    });
    expect(numbersIn(emulator)).toEqual(numbersUpTo(35));
  });

  test('by its signal during the reading creates no customer', async () => {
    const emulator = await crm();
    const stopping = new AbortController();
    const reason = new Error('stopped by a test');

    const stopped = importInto(emulator, await customersFile(5), {
      signal: stopping.signal,
      onProgress: () => stopping.abort(reason),
    });

    await expect(stopped).rejects.toBe(reason);
    expect(createsOf(emulator)).toBe(0);
  });

  test('by its signal while it waits for a lost response stops waiting', async () => {
    const emulator = await crm();
    const stopping = new AbortController();
    emulator.faults.next(1, { kind: 'response-lost' }, nthCreate(1));

    const report = await importInto(emulator, await customersFile(5), {
      signal: stopping.signal,
      settlingSeconds: 3_600,
      onProgress: at('waiting', () => stopping.abort()),
    });

    expect(report).toMatchObject({ created: 0, unfinished: { reason: 'it was interrupted', rowsLeft: 5 } });
  });

  test('by the month’s quota reports that', async () => {
    const emulator = await crm();
    emulator.faults.next(1, { kind: 'monthly-quota' }, nthCreate(3));

    expect(await importInto(emulator, await customersFile(45))).toMatchObject({
      created: 20,
      unfinished: { reason: expect.stringContaining("month's Airtable API quota is used up"), rowsLeft: 25 },
    });
  });

  test('by a column that is renamed meanwhile names it', async () => {
    const emulator = await crm();

    const report = await importInto(emulator, await customersFile(25), {
      onProgress: at('importing', () => emulator.edit.renameField('Customers', 'sms', 'Phone'), 10),
    });

    expect(report).toMatchObject({
      created: 10,
      unfinished: { reason: 'The table Customers has no column "sms": add it to the base', rowsLeft: 15 },
    });
  });

  test('by a file of rejects that cannot be written at the end still reports the rejected rows', async () => {
    const table = customersTable([], { owner: 'singleCollaborator' });
    const emulator = await serve([table], {
      base: aBase([table], [aCollaborator('Ana', 'ana@example.com')]),
    });
    const file = await aFile(
      lines('name,sms,owner', 'Ann,4155550100,ana@example.com', 'Bob,4155550101,bob@example.com'),
    );

    const report = await importInto(emulator, file, {
      onProgress: at('importing', () => rmSync(dirname(file), { recursive: true, force: true })),
    });

    expect(report).toMatchObject({
      created: 1,
      rejected: [{ line: 3 }],
      rejectsFile: null,
      unfinished: { reason: expect.stringContaining('customers.rejects.csv cannot be written'), rowsLeft: 0 },
    });
  });
});

test('waits while others use up the rate limit', async () => {
  const emulator = await crm();
  emulator.faults.next(2, { kind: 'rate-limit' }, isCreate);

  const report = await importInto(emulator, await customersFile(15), {
    base: baseOf(emulator, { penaltySeconds: 0.05 }),
  });

  expect(report).toMatchObject({ created: 15, unfinished: null });
  expect(numbersIn(emulator)).toEqual(numbersUpTo(15));
});

test('after any kills and lost responses, each row is in the base once in the end', async () => {
  const ROWS = 57;
  const file = await customersFile(ROWS);
  const kill = fc.record({ atCreate: fc.integer({ min: 1, max: 4 }), written: fc.boolean() });
  const fault = fc.constantFrom<Fault | null>(
    null,
    { kind: 'response-lost' },
    { kind: 'connection-reset' },
    { kind: 'server-error' },
  );

  await fc.assert(
    fc.asyncProperty(
      fc.array(kill, { maxLength: 4 }),
      fc.array(fault, { maxLength: 12 }),
      async (kills, faults) => {
        // Every run reads the same file, but the base is new each time.
        const kept = await stormyBase(faults);
        try {
          for (const each of kills) await importUntilKilled(kept, file, each);
          const last = await importInto(kept.emulator, file);

          expect(last).toMatchObject({ unfinished: null, rejected: [] });
          expect(last.created + last.existing).toBe(ROWS);
          expect(numbersIn(kept.emulator)).toEqual(numbersUpTo(ROWS));
          expect(await importInto(kept.emulator, file)).toMatchObject({ created: 0, existing: ROWS });
        } finally {
          await kept.emulator.close();
        }
      },
    ),
    { numRuns: 25 },
  );
});

interface StormyBase {
  readonly emulator: AirtableEmulator;
  /** Called after each write, before its response. */
  onWritten: () => void;
}

/** A base whose creates meet these faults, in order. */
async function stormyBase(faults: readonly (Fault | null)[]): Promise<StormyBase> {
  const stormy = { onWritten: () => {} };
  const emulator = await startAirtable({
    base: aBase([customersTable([])]),
    tokens: [{ token: TOKEN }],
    limits: { requestsPerSecond: 'unlimited' },
    onChange: () => stormy.onWritten(),
  });
  faults.forEach((fault, index) => {
    if (fault !== null) emulator.faults.next(1, fault, nthCreate(index + 1));
  });
  return Object.assign(stormy, { emulator });
}

/** One run that is killed when its nth create was written, or on its way there. */
async function importUntilKilled(
  stormy: StormyBase,
  file: string,
  { atCreate, written }: { readonly atCreate: number; readonly written: boolean },
): Promise<void> {
  const killing = new AbortController();
  let writes = 0;
  if (written) {
    stormy.onWritten = () => {
      if (++writes === atCreate) killing.abort();
    };
  } else {
    stormy.emulator.faults.next(
      1,
      { kind: 'connection-reset' },
      nthCreate(atCreate, () => killing.abort()),
    );
  }
  const { signal } = killing;
  await importInto(stormy.emulator, file, { base: baseOf(stormy.emulator, { signal }), signal });
  stormy.onWritten = () => {};
}

import { describe, expect, test } from '@jest/globals';
import { describeImport, type ImportReport } from '../../../cli/import/import-report';

const DONE: ImportReport = {
  file: 'customers.csv',
  rows: 3,
  created: 3,
  withoutOwner: 0,
  existing: 0,
  rejected: [],
  rejectsFile: null,
  ignoredColumns: [],
  leftOut: [],
  unfinished: null,
};

describe('the report of an import', () => {
  test('is short if all rows were imported', () => {
    expect(describeImport(DONE)).toEqual(['3 created']);
    expect(describeImport({ ...DONE, rows: 1, created: 0, existing: 1 })).toEqual([
      '0 created',
      '1 already in the base, unchanged',
    ]);
  });

  test('names the cells that were left out, one line per column', () => {
    const cell = (line: number, column: string) => ({ column, line, reason: `${column}: "x" is not a date` });
    expect(
      describeImport({ ...DONE, leftOut: [cell(3, 'Since'), cell(5, 'Since'), cell(5, 'Until')] }),
    ).toEqual([
      '3 created',
      '2 cells left out of the imported rows: line 3, Since: "x" is not a date',
      '1 cell left out of the imported rows: line 5, Until: "x" is not a date',
    ]);
  });

  test('counts the customers without an owner', () => {
    expect(describeImport({ ...DONE, withoutOwner: 2 })).toContain(
      '3 created, 2 without an owner: no worker sees these until the column "owner" is filled in',
    );
  });

  test('gives the reasons of the first ten rejected rows, and the file of all of them', () => {
    const rejected = Array.from({ length: 12 }, (_, index) => ({
      line: index + 2,
      reason: `reason ${index}`,
    }));

    const text = describeImport({ ...DONE, rows: 15, rejected, rejectsFile: 'customers.rejects.csv' });

    expect(text).toEqual([
      '3 created',
      '12 rejected:',
      ...rejected.slice(0, 10).map(({ line, reason }) => `  line ${line}: ${reason}`),
      '  and 2 more',
      'Correct them in customers.rejects.csv, and import that file',
    ]);
  });

  test('names the columns that were ignored', () => {
    expect(
      describeImport({
        ...DONE,
        ignoredColumns: [{ heading: 'Phone', reason: 'Customers has no column of this name' }],
      }),
    ).toContain('The column "Phone" is ignored: Customers has no column of this name');
  });

  test('says why the import ended early, and that continuing is safe', () => {
    expect(
      describeImport({ ...DONE, rows: 10, unfinished: { reason: 'it was interrupted', rowsLeft: 7 } }),
    ).toEqual([
      '3 created',
      'Not finished: it was interrupted',
      '7 rows left: import the same file again; no customer is created twice',
    ]);
    expect(describeImport({ ...DONE, unfinished: { reason: 'the disk is full', rowsLeft: 0 } }).at(-1)).toBe(
      'Not finished: the disk is full',
    );
  });
});

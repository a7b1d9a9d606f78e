import { describe, expect, test } from '@jest/globals';
import { describeImport, type ImportReport } from '../../../operations/import/report';

const DONE: ImportReport = {
  file: 'customers.csv',
  rows: 3,
  created: 3,
  withoutOwner: 0,
  alreadyThere: 0,
  rejected: [],
  rejectsFile: null,
  ignoredColumns: [],
  unfinished: null,
};

describe('the report of an import', () => {
  test('is short where all went well', () => {
    expect(describeImport(DONE)).toBe('customers.csv: 3 rows\n  3 created');
    expect(describeImport({ ...DONE, rows: 1, created: 0, alreadyThere: 1 })).toBe(
      'customers.csv: 1 row\n  0 created\n  1 in the base already, left as they are',
    );
  });

  test('says whom no worker will see', () => {
    expect(describeImport({ ...DONE, withoutOwner: 2 })).toContain(
      '  3 created, of which 2 have no owner: no worker sees them until the column "owner" of the base names one',
    );
    expect(describeImport({ ...DONE, withoutOwner: 1 })).toContain('of which one has no owner');
  });

  test('gives the reasons of the first ten rejected rows, and where all of them are', () => {
    const rejected = Array.from({ length: 12 }, (_, index) => ({
      line: index + 2,
      reason: `reason ${index}`,
    }));

    const text = describeImport({ ...DONE, rows: 15, rejected, rejectsFile: 'customers.rejects.csv' });

    expect(text.split('\n')).toEqual([
      'customers.csv: 15 rows',
      '  3 created',
      '  12 rejected:',
      ...rejected.slice(0, 10).map(({ line, reason }) => `    line ${line}: ${reason}`),
      '    and 2 more',
      '  Correct them in customers.rejects.csv, and import that file',
    ]);
  });

  test('names the columns that were ignored', () => {
    expect(
      describeImport({ ...DONE, ignoredColumns: [{ heading: 'Phone', why: 'nobody knows it' }] }),
    ).toContain('\n  The column "Phone" was ignored: nobody knows it');
  });

  test('says why it ended early, and that going on is safe', () => {
    expect(
      describeImport({ ...DONE, rows: 10, unfinished: { reason: 'it was stopped', rowsLeft: 7 } }),
    ).toContain(
      '\n  Not finished: it was stopped\n  7 rows left: import the same file again, and nothing is created twice',
    );
    expect(describeImport({ ...DONE, unfinished: { reason: 'the disk is full', rowsLeft: 0 } })).toMatch(
      /Not finished: the disk is full$/,
    );
  });
});

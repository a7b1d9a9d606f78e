import { printableLine } from '../../lambdas/characters/visible-text';
import { counted } from '../terminal/counted';
import type { IgnoredColumn } from './columns';
import type { LeftOutCell } from './customer-row';
import type { ImportPlan } from './plan-import';

export interface ImportReport {
  readonly file: string;
  /** Rows of the file that are not blank. */
  readonly rows: number;
  readonly created: number;
  /** Created customers that no worker sees. */
  readonly withoutOwner: number;
  /** Rows that the base already had; they are left unchanged. */
  readonly existing: number;
  /** In line order. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** Path of the rejected rows; null without rejected rows. */
  readonly rejectsFile: string | null;
  readonly ignoredColumns: readonly IgnoredColumn[];
  /** Cells of created customers that their columns rejected. */
  readonly leftOut: readonly LeftOutCell[];
  /** Why the import ended early, and how many rows have an unknown outcome; null if it completed. */
  readonly unfinished: { readonly reason: string; readonly rowsLeft: number } | null;
}

/** Rejected rows that are shown; the rejects file has all of them. */
const SHOWN = 10;

/** The report as text, one line each. */
export function describeImport(report: ImportReport): readonly string[] {
  const { created, existing, rejected, rejectsFile, ignoredColumns, leftOut, unfinished } = report;
  return [
    `${created} created${withoutOwnerNote(report)}`,
    ...(existing > 0 ? [`${existing} already in the base, unchanged`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} rejected:`] : []),
    ...firstRejected(rejected),
    ...(rejectsFile === null ? [] : [`Correct them in ${rejectsFile}, and import that file`]),
    ...ignoredColumns.map(ignored),
    ...describeLeftOut(leftOut),
    ...(unfinished === null ? [] : [`Not finished: ${unfinished.reason}`]),
    ...(unfinished === null || unfinished.rowsLeft === 0
      ? []
      : [
          `${counted(unfinished.rowsLeft, 'row')} left: import the same file again; no customer is created twice`,
        ]),
  ];
}

/** The preview of an import as text, one line each. */
export function describePlan({
  toCreate,
  existing,
  rejected,
  ignoredColumns,
}: ImportPlan): readonly string[] {
  return [
    `${toCreate.length} to create`,
    ...(existing.length > 0 ? [`${existing.length} already in the base, unchanged`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} to reject:`] : []),
    ...firstRejected(rejected.map(({ source, reason }) => ({ line: source.line, reason }))),
    ...ignoredColumns.map(ignored),
    ...describeLeftOut(toCreate.flatMap(({ leftOut }) => leftOut)),
  ];
}

function firstRejected(rejected: ImportReport['rejected']): readonly string[] {
  return [
    ...rejected.slice(0, SHOWN).map(({ line, reason }) => `  line ${line}: ${printableLine(reason)}`),
    ...(rejected.length > SHOWN ? [`  and ${rejected.length - SHOWN} more`] : []),
  ];
}

function ignored({ heading, reason }: IgnoredColumn): string {
  return `The column "${printableLine(heading)}" is ignored: ${reason}`;
}

/** One line per column: how many cells, and the first of them. */
function describeLeftOut(cells: readonly LeftOutCell[]): readonly string[] {
  const columns = [...new Set(cells.map(({ column }) => column))];
  return columns.flatMap((column) => {
    const ofColumn = cells.filter((cell) => cell.column === column);
    const [first] = ofColumn;
    return first === undefined
      ? []
      : `${counted(ofColumn.length, 'cell')} left out of the imported rows: line ${first.line}, ${printableLine(first.reason)}`;
  });
}

function withoutOwnerNote({ withoutOwner }: ImportReport): string {
  if (withoutOwner === 0) return '';
  return `, ${withoutOwner} without an owner: no worker sees these until the column "owner" is filled in`;
}

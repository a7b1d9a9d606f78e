import { COLUMN } from '../../lambdas/airtable/columns';
import { errorMessage, isKnownError } from '../../lambdas/errors';
import { CustomerCreator } from './create-customers';
import type { RejectedRow } from './customer-row';
import type { ImportReport } from './import-report';
import { type PlanRequest, planImport } from './plan-import';
import { writeRejects } from './rejects-file';

/** Progress of an import. */
export type ImportProgress =
  /** How many customers of the base have been read. */
  | { readonly kind: 'reading'; readonly customers: number }
  /** How many of the rows to create are finished. */
  | { readonly kind: 'importing'; readonly done: number; readonly total: number }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string };

export interface ImportRequest extends Omit<PlanRequest, 'onRead'> {
  readonly onProgress: (progress: ImportProgress) => void;
  /** Ends the import between two batches, or within one if the base has the signal too. */
  readonly signal?: AbortSignal;
  /** How long a write without a response may still be under way at Airtable. @default 5 */
  readonly settlingSeconds?: number;
}

const SETTLING_SECONDS = 5;

/**
 * Imports the customers of a CSV file that the base does not have yet. So the same file may be imported again, also
 * after an import that was killed. The whole file and the base are read before the first customer is created.
 * @returns the report; if the import ended early, `unfinished` says why.
 * @throws {ConfigurationError} before any write, if the file or the table is unsuitable; likewise the signal's reason
 * and the errors of `PacedBase`.
 */
export async function importCustomers(request: ImportRequest): Promise<ImportReport> {
  const { onProgress, signal } = request;
  const onRead = (customers: number) => onProgress({ kind: 'reading', customers });
  const plan = await planImport({ ...request, onRead });
  const { source, toCreate } = plan;
  signal?.throwIfAborted();
  // Before the first customer is created, so that the rejects are known even if this process is killed half way.
  let rejectsFile = plan.rejected.length > 0 ? await writeRejects(source, plan.rejected) : null;

  const creation = new CustomerCreator({
    settlingSeconds: SETTLING_SECONDS,
    signal: null,
    ...request,
    fields: plan.fields,
    onWait: (seconds, reason) => onProgress({ kind: 'waiting', seconds, reason }),
    onDone: (done) => onProgress({ kind: 'importing', done, total: toCreate.length }),
  });
  const stopped = await failureOf(() => creation.createAll(toCreate), signal);
  const rejected = inOrder([...plan.rejected, ...creation.rejected]);
  const unwritten = await failureOf(async () => {
    if (creation.rejected.length > 0) rejectsFile = await writeRejects(source, rejected, rejectsFile);
  });

  const { created } = creation;
  const reason = [stopped, unwritten].flatMap((failure) => failure ?? []).join('; ');
  const rowsLeft = toCreate.length - created.length - creation.rejected.length;
  return {
    file: request.file,
    rows: source.rows.length,
    created: created.length,
    withoutOwner: created.filter(({ cells }) => cells[COLUMN.owner] === undefined).length,
    existing: plan.existing.length,
    rejected: rejected.map((row) => ({ line: row.source.line, reason: row.reason })),
    rejectsFile,
    ignoredColumns: plan.ignoredColumns,
    leftOut: created.flatMap(({ leftOut }) => leftOut),
    unfinished: reason === '' ? null : { reason, rowsLeft },
  };
}

function inOrder(rows: readonly RejectedRow[]): RejectedRow[] {
  return [...rows].sort((one, other) => one.source.line - other.source.line);
}

/** Why the work ended early, for the report; null if it completed. */
async function failureOf(work: () => Promise<void>, signal?: AbortSignal): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isKnownError(error)) return errorMessage(error);
    if (signal?.aborted) return 'it was interrupted';
    throw error;
  }
}

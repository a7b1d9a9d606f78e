import { COLUMN } from '../../lambdas/airtable/columns';
import type { Environment } from '../../lambdas/config';
import { ConfigurationError, errorMessage, isKnownError } from '../../lambdas/errors';
import { PacedBase } from '../airtable/rate-limited-base';
import { type AirtableSettings, readAirtableSettings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { counted } from '../terminal/counted';
import { oneAtATime } from '../terminal/process-lock';
import { CustomerCreator } from './create-customers';
import type { RejectedRow } from './customer-row';
import { describeImport, describePlan, type ImportReport } from './import-report';
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

export interface ImportOptions {
  /** Path of the CSV file. */
  readonly file: string;
  /** Whether to preview the import without writing. */
  readonly dryRun: boolean;
}

/** The dependencies of an import from the command line. */
export interface FileImport {
  readonly settings: AirtableSettings;
  readonly screen: ConsoleOutput;
  readonly signal: AbortSignal;
}

/**
 * Runs `frontline import`: settings of the base suffice, and nothing but the base and the rejects file is written.
 * @param environment `.env`, overridden by the environment.
 * @param directory the project's folder, in which one import runs at a time.
 * @returns the exit status: 0 if all rows are in the base; 1 if rows are rejected or left.
 * @throws {ConfigurationError} before any write, if a setting, the file or the table is unsuitable.
 */
export async function runImport(
  { file, dryRun }: ImportOptions,
  {
    environment,
    directory,
    ...terminal
  }: Omit<FileImport, 'settings'> & { readonly environment: Environment; readonly directory: string },
): Promise<number> {
  const command = { ...terminal, settings: readAirtableSettings(environment) };
  return dryRun ? previewImport(file, command) : oneAtATime(directory, () => importFile(file, command));
}

/** Imports a file. @returns the exit status, as `runImport`. */
export async function importFile(file: string, command: FileImport): Promise<number> {
  const { screen, signal } = command;
  screen.heading('Customers');
  const report = await screen.working(`Import ${file}`, (progress) => {
    const onProgress = (event: ImportProgress) => progress(formatProgress(event));
    return importCustomers({ ...requestOf(file, command, onProgress), onProgress, signal });
  });
  const title = `Import ${file}: ${counted(report.rows, 'row')}`;
  const details = describeImport(report).join('\n');
  if (report.unfinished !== null) {
    screen.fail(title, details);
    signal.throwIfAborted();
    return 1;
  }
  screen.pass(title);
  screen.detail(details);
  return report.rejected.length > 0 ? 1 : 0;
}

/** Shows what an import would do. @returns the exit status: 1 if it would reject rows, or is not possible. */
export async function previewImport(file: string, command: FileImport): Promise<number> {
  const { screen } = command;
  screen.heading('Customers');
  try {
    const plan = await screen.working(`Read ${file} and the base`, (progress) => {
      const onProgress = (event: ImportProgress) => progress(formatProgress(event));
      const onRead = (customers: number) => onProgress({ kind: 'reading', customers });
      return planImport({ ...requestOf(file, command, onProgress), onRead });
    });
    screen.plan(`Import ${file}: ${counted(plan.source.rows.length, 'row')}`);
    screen.detail(describePlan(plan).join('\n'));
    return plan.rejected.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    screen.fail(`Import ${file}: not possible`, error.problems.join('\n'));
    return 1;
  }
}

function requestOf(
  file: string,
  { settings, signal }: FileImport,
  onProgress: (progress: ImportProgress) => void,
): Omit<PlanRequest, 'onRead'> {
  const { airtableUrl: url, airtableBaseId: baseId, defaultCountry } = settings.configuration;
  const onWait = (seconds: number, reason: string) => onProgress({ kind: 'waiting', seconds, reason });
  const open = (apiKey: string) => new PacedBase({ url, baseId, apiKey }, { signal, onWait });
  return {
    file,
    schema: open(settings.airtableSetupApiKey),
    base: open(settings.airtableApiKey),
    defaultCountry,
  };
}

const BAR_LENGTH = 24;

function formatProgress(progress: ImportProgress): string {
  switch (progress.kind) {
    case 'reading':
      return `${progress.customers} customers are in the base`;
    case 'waiting':
      return `waiting ${progress.seconds} s: ${progress.reason}`;
    case 'importing': {
      const { done, total } = progress;
      const filled = total === 0 ? BAR_LENGTH : Math.floor((done / total) * BAR_LENGTH);
      return `${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)} ${done} of ${total}`;
    }
  }
}

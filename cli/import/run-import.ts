import type { Environment } from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';
import { PacedBase } from '../airtable/rate-limited-base';
import { type AirtableSettings, readAirtableSettings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { oneAtATime } from '../terminal/one-at-a-time';
import { type ImportProgress, importCustomers } from './import-customers';
import { count, describeImport, describePlan } from './import-report';
import { type PlanRequest, planImport } from './plan-import';

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
  const title = `Import ${file}: ${count(report.rows, 'row')}`;
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
    screen.plan(`Import ${file}: ${count(plan.source.rows.length, 'row')}`);
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

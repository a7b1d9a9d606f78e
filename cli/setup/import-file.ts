import { ConfigurationError } from '../../lambdas/errors';
import { PacedBase } from '../airtable/rate-limited-base';
import { importCustomers } from '../import/import-customers';
import type { ImportProgress } from '../import/import-progress';
import { count, describeImport, describePlan } from '../import/import-report';
import { planImport } from '../import/plan-import';
import type { Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';

/** The dependencies of an import from the command line. */
export interface FileImport {
  readonly file: string;
  readonly settings: Settings;
  readonly screen: ConsoleOutput;
  readonly signal: AbortSignal;
}

/**
 * Imports customers into the base, with a progress bar.
 * @returns whether every valid row is in the base now.
 */
export async function importFile({ file, settings, screen, signal }: FileImport): Promise<boolean> {
  screen.heading('Customers');
  const { defaultCountry } = settings.configuration;
  const report = await screen.working(`Import ${file}`, (progress) => {
    const onProgress = (told: ImportProgress) => progress(formatProgress(told));
    return importCustomers({
      file,
      ...basesOf(settings, onProgress, signal),
      defaultCountry,
      onProgress,
      signal,
    });
  });
  const title = `Import ${file}: ${count(report.rows, 'row')}`;
  const details = describeImport(report).join('\n');
  if (report.unfinished !== null) {
    screen.fail(title, details);
    return false;
  }
  screen.pass(title);
  screen.detail(details);
  return true;
}

/**
 * Previews an import without writing; or says why there is no preview yet, for example because the table is missing.
 */
export async function showImport({ file, settings, screen, signal }: FileImport): Promise<void> {
  screen.heading('Customers');
  const { defaultCountry } = settings.configuration;
  try {
    const plan = await screen.working(`Read ${file} and the base`, (progress) => {
      const onProgress = (told: ImportProgress) => progress(formatProgress(told));
      const onRead = (customers: number) => onProgress({ kind: 'reading', customers });
      return planImport({ file, ...basesOf(settings, onProgress, signal), defaultCountry, onRead });
    });
    screen.plan(`Import ${file}: ${count(plan.source.rows.length, 'row')}`);
    screen.detail(describePlan(plan).join('\n'));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    screen.fail(`Import ${file}: not possible`, error.problems.join('\n'));
  }
}

function basesOf(
  { configuration, airtableApiKey, airtableSetupApiKey }: Settings,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): { readonly schema: PacedBase; readonly base: PacedBase } {
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  const onWait = (seconds: number, reason: string) => onProgress({ kind: 'waiting', seconds, reason });
  return {
    schema: new PacedBase({ url, baseId, apiKey: airtableSetupApiKey }, { signal, onWait }),
    base: new PacedBase({ url, baseId, apiKey: airtableApiKey }, { signal, onWait }),
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

import { ConfigurationError } from '../../lambdas/errors';
import { PacedBase } from '../airtable/rate-limited-base';
import { importCustomers } from '../import/import-customers';
import type { ImportProgress } from '../import/import-progress';
import { count, describeImport, describePlan } from '../import/import-report';
import { planImport } from '../import/plan';
import type { Settings } from '../settings/settings';
import type { Screen } from '../terminal/console-output';

/** The dependencies of an import from the command line. */
export interface FileImport {
  readonly file: string;
  readonly settings: Settings;
  readonly screen: Screen;
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
    const tell = (told: ImportProgress) => progress(inWords(told));
    return importCustomers({ file, ...basesOf(settings, tell, signal), defaultCountry, tell, signal });
  });
  const title = `Import ${file}: ${count(report.rows, 'row')}`;
  const details = describeImport(report).join('\n');
  if (report.unfinished !== null) {
    screen.wrong(title, details);
    return false;
  }
  screen.right(title);
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
      const tell = (told: ImportProgress) => progress(inWords(told));
      const onRead = (customers: number) => tell({ kind: 'reading', customers });
      return planImport({ file, ...basesOf(settings, tell, signal), defaultCountry, onRead });
    });
    screen.plan(`Import ${file}: ${count(plan.source.rows.length, 'row')}`);
    screen.detail(describePlan(plan).join('\n'));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    screen.wrong(`Import ${file}: not possible as things are`, error.problems.join('\n'));
  }
}

function basesOf(
  { configuration, airtableApiKey, airtableSetupApiKey }: Settings,
  tell: (progress: ImportProgress) => void,
  signal: AbortSignal,
): { readonly schema: PacedBase; readonly base: PacedBase } {
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  const onWait = (seconds: number, reason: string) => tell({ kind: 'waiting', seconds, reason });
  return {
    schema: new PacedBase({ url, baseId, apiKey: airtableSetupApiKey }, { signal, onWait }),
    base: new PacedBase({ url, baseId, apiKey: airtableApiKey }, { signal, onWait }),
  };
}

const BAR_LENGTH = 24;

function inWords(progress: ImportProgress): string {
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

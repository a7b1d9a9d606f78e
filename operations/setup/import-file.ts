import { PacedBase } from '../airtable/paced-base';
import { importCustomers } from '../import/import-customers';
import type { ImportProgress } from '../import/progress';
import { describeImport } from '../import/report';
import type { Settings } from '../settings/settings';
import type { Screen } from '../terminal/screen';

/**
 * Imports customers into the base, with a bar that shows how far it is.
 * @returns whether every row that can be used is in the base now.
 */
export async function importFile(
  file: string,
  { configuration, airtableApiKey, airtableSetupApiKey }: Settings,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  screen.heading('Customers');
  const base = new PacedBase(
    { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey: airtableApiKey },
    { signal },
  );
  const report = await screen.task(
    `Import ${file}`,
    (tell) =>
      importCustomers({
        file,
        base,
        defaultCountry: configuration.defaultCountry,
        tell: (progress) => tell(inWords(progress)),
        signal,
      }),
    describeImport,
  );
  return report.unfinished === null;
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

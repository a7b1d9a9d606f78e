import { checkImport, type ImportRun, importLargeFile } from '../import-checks';
import type { Place } from '../place';
import { startSetUpWorld } from '../set-up-world';

/** An import under way, in an object so that whoever waits for its beginning does not wait for its end. */
interface BegunImport {
  readonly importing: Promise<ImportRun>;
}

/** An import that goes on beside everything else, for it takes Airtable's pace and not the processor's. */
export async function beginImport({ folder, cloud, signal, closing }: Place): Promise<BegunImport> {
  const world = await startSetUpWorld('import', folder, cloud, signal, { hasAws: false });
  closing.push(world.close);
  const importing = importLargeFile(world, signal);
  // Waited for at the end; until then a failure is nobody's unhandled rejection.
  importing.catch(() => {});
  return { importing };
}

export async function endImport({ report }: Place, { importing }: BegunImport): Promise<void> {
  report.step('Import customers, killed half way');
  await checkImport(report, importing);
}

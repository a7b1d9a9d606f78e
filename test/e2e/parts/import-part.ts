import { checkImport, type ImportRun, importLargeFile } from '../import-checks';
import type { Place } from '../place';
import { startSetUpWorld } from '../set-up-world';

/** An import under way, wrapped in an object so that awaiting its beginning does not await its end. */
interface BegunImport {
  readonly importing: Promise<ImportRun>;
}

/** An import that runs beside everything else, because it is limited by Airtable's rate and not by the processor. */
export async function beginImport({ folder, cloud, signal, closing }: Place): Promise<BegunImport> {
  const world = await startSetUpWorld('import', folder, cloud, signal, { hasAws: false });
  closing.push(world.close);
  const importing = importLargeFile(world, signal);
  // Awaited at the end; until then a failure must not become an unhandled rejection.
  importing.catch(() => {});
  return { importing };
}

export async function endImport({ report }: Place, { importing }: BegunImport): Promise<void> {
  report.step('Import customers, killed half way');
  await checkImport(report, importing);
}

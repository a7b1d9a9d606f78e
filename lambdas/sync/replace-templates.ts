import { errorMessage, isKnownError } from '../errors';
import { LeaseLostError } from '../replica/replica-store';
import { readBase, type SyncRun } from './sync-run';

/**
 * Reads all templates again. A table that cannot be read, such as a renamed one, leaves the templates unchanged and
 * does not stop the sync of customers.
 */
export async function replaceTemplates(run: SyncRun): Promise<void> {
  try {
    const { templates, readAt } = await readBase(run, (base) => base.listTemplates());
    await run.store.replaceTemplates(templates, readAt);
  } catch (error) {
    const endsRun = error instanceof LeaseLostError || !isKnownError(error) || error.name !== 'Misconfigured';
    if (endsRun) throw error;
    run.report.warn(`The templates are unchanged: ${errorMessage(error)}`);
  }
}

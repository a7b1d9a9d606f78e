import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INBOX } from '../aws/kept-tables';
import { inboxTeardownStep } from '../inbox/inbox-teardown-step';
import { applyPlan } from '../plan/apply';
import { EnvFile } from '../settings/env-file';
import { inboxOffStep } from '../setup/inbox-settings';
import { keptTables, showKeptTable, type TearDown } from './tear-down';

/**
 * Takes only the inbox back, from any state, and turns it off in `.env`. The service stays.
 * @param directory the project's folder, which contains `.env`
 * @returns the exit status: 1 if something remains that should not.
 */
export async function tearDownInbox(
  { environment, screen, approval, signal }: TearDown,
  directory: string,
): Promise<number> {
  const inbox = await applyPlan(inboxTeardownStep(), screen, approval, signal);
  const isDryRun = approval.kind === 'dry-run';
  if (!inbox.isComplete && !isDryRun) return 1;
  const settings = inboxOffStep({
    environment,
    exported: new Set(Object.keys(process.env)),
    envFile: new EnvFile(join(directory, '.env')),
    template: await readFile(join(directory, '.env.example'), 'utf8'),
  });
  const { isComplete } = await applyPlan(settings, screen, approval, signal);
  if (isDryRun) {
    screen.line('\nA dry run: nothing was changed.');
    return 0;
  }
  screen.heading('Kept');
  for (const table of await keptTables()) if (table.kind === INBOX) showKeptTable(table, screen);
  screen.pass('The service itself: npx frontline setup stops it from sending events to the inbox');
  return isComplete ? 0 : 1;
}

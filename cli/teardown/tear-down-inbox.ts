import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError } from '../aws/aws-errors';
import { readStackStatus } from '../aws/deployed-stack';
import { INBOX } from '../aws/kept-tables';
import { inboxTeardownStep } from '../inbox/inbox-teardown-step';
import { applyPlan, NOTHING_CHANGED } from '../plan/apply';
import { readSettingsPlace } from '../settings/settings-place';
import { inboxOffStep } from '../setup/inbox-settings';
import { keptTables, showKeptTable, type Teardown } from './tear-down';

/**
 * Removes only the inbox, from any state, and turns it off in `.env`. The service stays.
 * @param directory the project's folder, which contains `.env`
 * @returns the exit status: 1 if something remains that should not.
 * @throws {AwsSetupError} if AWS does not respond, or has nothing of the inbox here: it may be in another region
 */
export async function tearDownInbox(
  { screen, approval, signal }: Omit<Teardown, 'environment'>,
  directory: string,
): Promise<number> {
  await requireTracesOfInbox();
  const inbox = await applyPlan(inboxTeardownStep(), screen, approval, signal);
  const isDryRun = approval.kind === 'dry-run';
  if (!inbox.isComplete && !isDryRun) return 1;
  const settings = await readSettingsPlace(directory);
  const { isComplete } = await applyPlan(inboxOffStep(settings), screen, approval, signal);
  if (isDryRun) {
    screen.line(NOTHING_CHANGED);
    return 0;
  }
  screen.heading('Kept');
  for (const table of await keptTables()) if (table.kind === INBOX) showKeptTable(table, screen);
  screen.pass('The service itself: npx frontline setup stops it from sending events to the inbox');
  return isComplete ? 0 : 1;
}

/** So that a command with another account or region does not turn the inbox off in `.env`. */
async function requireTracesOfInbox(): Promise<void> {
  if ((await readStackStatus(INBOX_STACK_NAME)) !== null || (await readStackStatus(STACK_NAME)) !== null)
    return;
  if ((await keptTables()).some(({ kind }) => kind === INBOX)) return;
  throw new AwsSetupError(
    'Nothing of the inbox or the service is in this account and region; nothing was changed',
    'if it is elsewhere, set AWS_PROFILE or AWS_REGION; if it was deleted by hand, remove INBOX from .env',
  );
}

import type { Environment } from '../../lambdas/config';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { ifDeployed } from '../aws/deployed-stack';
import type { Deployment } from '../aws/deployment';
import { INVITE } from '../doctor/inbox-workers';
import { inboxOutputs } from '../inbox/inbox-outputs';
import { inboxSiteStep, inboxStackStep } from '../inbox/inbox-step';
import { type Approval, applyPlan } from '../plan/apply';
import { memoize } from '../plan/memoize';
import type { ManualStep } from '../plan/plan';
import type { Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { type InboxSettings, inboxSettingsStep, inboxVariables } from './inbox-settings';

/** Where the inbox's part of a setup runs, and how. */
interface Place {
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
}

/**
 * Writes the choice of an inbox into `.env`.
 * @returns the environment with it, in a dry run too; unchanged if it was declined
 */
export async function turnInboxOn(
  settings: InboxSettings,
  { screen, approval, signal }: Place,
): Promise<Environment> {
  const variables = memoize(() => inboxVariables(settings));
  const step = inboxSettingsStep(settings, variables);
  const { outcome } = await applyPlan(step, screen, approval, signal);
  if (outcome !== 'declined') return { ...settings.environment, ...(await variables()) };
  screen.skip('Without it, the inbox is left as it is');
  return settings.environment;
}

interface InboxSetup {
  readonly settings: Settings;
  readonly deployment: () => Promise<Deployment>;
  /** Whether the service's stack, which the inbox uses, is as in this folder. */
  readonly isServiceReady: boolean;
}

/** Deploys the inbox's stack and uploads the app. @returns what is left for a person */
export async function setUpInbox(
  { settings, deployment, isServiceReady }: InboxSetup,
  { screen, approval, signal }: Place,
): Promise<readonly ManualStep[]> {
  const isDryRun = approval.kind === 'dry-run';
  if (!isServiceReady && !isDryRun) {
    screen.heading('Inbox');
    screen.skip('Skipped, because the deployed service does not match this folder');
    return [{ what: 'The inbox is not deployed', fix: 'Fix the above, then npx frontline setup' }];
  }
  const stack = await applyPlan(inboxStackStep(deployment), screen, approval, signal);
  // An app that is newer than its API might not work with it.
  if (!isDryRun && !stack.isComplete) return stack.left;
  const site = await applyPlan(inboxSiteStep(settings.inbox), screen, approval, signal);
  return [...stack.left, ...site.left];
}

/** Prints the address for the workers, and what comes next, at the end, where it stays on the screen. */
export async function showInbox(screen: ConsoleOutput): Promise<void> {
  const url = await ifDeployed(INBOX_STACK_NAME, (stack) => inboxOutputs(stack).url);
  if (url === null) return;
  screen.heading('The inbox');
  screen.line(`  ${url}`);
  screen.detail('Invite workers, and list who has access:');
  screen.detail(`${INVITE}\nnpx frontline inbox list`);
}

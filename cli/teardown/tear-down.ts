import type { Environment } from '../../lambdas/config';
import { isKnownError } from '../../lambdas/errors';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { STACK_NAME } from '../../lib/stack-names';
import { SERVICE_OUTPUTS } from '../../lib/stack-outputs';
import { webhookTeardownStep } from '../airtable/webhook-teardown-step';
import { awsTeardownStep } from '../aws/aws-teardown-step';
import { callbackUrlOf, readStackStatus, type StackStatus } from '../aws/deployed-stack';
import { deployedStores } from '../aws/deployed-stores';
import { readIdentity } from '../aws/identity';
import { type KeptTable, tablesOfStack } from '../aws/kept-tables';
import { inboxTeardownStep } from '../inbox/inbox-teardown-step';
import { type Approval, applyPlan, NOTHING_CHANGED } from '../plan/apply';
import type { Reconciler } from '../plan/plan';
import { readSettings, type Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { twilioTeardownStep } from '../twilio/twilio-teardown-step';

/** Where a teardown runs, and how. */
export interface Teardown {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
}

/**
 * Removes everything that a setup created, from any state. The inbox comes first, because it uses the service; then
 * Twilio and Airtable, so that they never call an endpoint that is gone. The retained tables stay.
 * @returns the exit status: 1 if something remains that should not.
 * @throws {AwsSetupError} if AWS does not respond, because only AWS shows which objects at Twilio belong to this stack
 */
export async function tearDown({ environment, screen, approval, signal }: Teardown): Promise<number> {
  const settings = readSettings(environment);
  const stack = await readStackStatus(STACK_NAME);
  const inbox = await applyPlan(inboxTeardownStep(), screen, approval, signal);
  if (!inbox.isComplete && approval.kind !== 'dry-run') {
    screen.line('\nThe rest was left as it is, because the inbox still uses it.');
    return 1;
  }
  const callbackUrl = stack && callbackUrlOf(stack, 'twilio-conversations');
  const twilio = await applyPlan(twilioTeardownStep({ settings, callbackUrl }), screen, approval, signal);
  const webhook = webhookTeardownStep({
    settings,
    ...(await webhookOf(stack, settings)),
    pacing: { signal },
  });
  const airtable = await applyPlan(webhook, screen, approval, signal);
  const aws = await applyPlan(awsTeardownStep(), screen, approval, signal);
  if (approval.kind === 'dry-run') {
    screen.line(NOTHING_CHANGED);
    return 0;
  }
  if (airtable.outcome === 'applied' && aws.outcome === 'applied') await deleteWhatCameMeanwhile(webhook);
  screen.heading('Kept');
  screen.pass(`The base ${settings.configuration.airtableBaseId}, with all its rows`);
  for (const table of await keptTables()) showKeptTable(table, screen);
  screen.pass('.env: delete it when no longer needed; it contains credentials');
  screen.pass(
    "Frontline's callbacks and routing in the Twilio console: clear them there, because no API can",
  );
  return [inbox, twilio, airtable, aws].every(({ isComplete }) => isComplete) ? 0 : 1;
}

/** Identifies the service's webhook: by its URL, and by its id as the replica keeps it. */
async function webhookOf(
  stack: StackStatus | null,
  { configuration }: Settings,
): Promise<{ readonly webhookUrl: string | null; readonly webhookId: string | null }> {
  const publicUrl = configuration.publicBaseUrl ?? stack?.outputs[SERVICE_OUTPUTS.apiUrl] ?? null;
  const webhookUrl = publicUrl === null ? null : `${publicUrl}${AIRTABLE_WEBHOOK_PATH}`;
  const stores = stack && deployedStores(stack, configuration);
  const registration = await stores?.replica.readWebhook().catch((error: unknown) => {
    // The table was deleted before the stack: the URL is enough.
    if (isKnownError(error)) return null;
    throw error;
  });
  return { webhookUrl, webhookId: registration?.id ?? null };
}

/** A run of sync that was under way may have created another webhook before its function was deleted. */
async function deleteWhatCameMeanwhile(webhook: Reconciler): Promise<void> {
  for (const { apply } of (await webhook.plan()).changes) await apply(() => {});
}

/** The tables that this stack retains; empty if AWS does not list them. */
export async function keptTables(): Promise<readonly KeptTable[]> {
  try {
    return await tablesOfStack(await readIdentity());
  } catch (error) {
    if (isKnownError(error)) return [];
    throw error;
  }
}

export function showKeptTable({ name, kind }: KeptTable, screen: ConsoleOutput): void {
  screen.pass(`The table ${name} with ${kind.content}, ${kind.use}. npx frontline setup reuses it`);
  screen.detail(
    `It has deletion protection. To delete it permanently:
aws dynamodb update-table --table-name ${name} --no-deletion-protection-enabled
aws dynamodb delete-table --table-name ${name}`,
  );
}

import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { AirtableWebhooks } from '../../lambdas/airtable/airtable-webhooks';
import { mappingVersionFor } from '../../lambdas/airtable/customer-record';
import { STACK_NAME } from '../../lib/stack-names';
import { openAirtable } from '../airtable/rate-limited-base';
import { ifDeployed } from '../aws/deployed-stack';
import { deployedStores } from '../aws/deployed-stores';
import { type Approval, applyPlan } from '../plan/apply';
import type { ManualStep } from '../plan/plan';
import { replicaStep } from '../replica/replica-step';
import type { Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';

/** Where the replica is filled, and how. */
interface ReplicaSetup {
  readonly settings: Settings;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
}

/**
 * Starts the first read of the base into the replica of the deployed stack and waits for it, unless it was read
 * already. This comes before Twilio's part, because until then no callback can respond.
 * @returns what is left for a person.
 */
export async function setUpReplica({
  settings,
  screen,
  approval,
  signal,
}: ReplicaSetup): Promise<readonly ManualStep[]> {
  const open = () => ifDeployed(STACK_NAME, (stack) => deployedStores(stack, settings.configuration));
  if (approval.kind !== 'dry-run' && (await open()) === null) {
    screen.heading('Replica');
    screen.skip('Skipped, because no stack with a replica is deployed yet');
    return [];
  }
  const step = replicaStep({
    open,
    mappingVersion: mappingVersionFor(settings.configuration.defaultCountry),
    mayManageWebhooks: () => mayManageWebhooks(settings, signal),
  });
  return (await applyPlan(step, screen, approval, signal)).left;
}

async function mayManageWebhooks(
  { configuration, airtableApiKey: apiKey }: Settings,
  signal: AbortSignal,
): Promise<boolean> {
  const access = { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey };
  try {
    await new AirtableWebhooks(access, openAirtable(access, { signal })).listWebhooks();
    return true;
  } catch (error) {
    if (error instanceof GoneOrForbiddenError) return false;
    throw error;
  }
}

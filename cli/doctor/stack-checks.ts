import { CALLBACK_NAMES } from '../../lambdas/twilio/callbacks';
import { STACK_NAME } from '../../lib/stack-names';
import { planSecret } from '../aws/credentials-secret';
import { type DeployedStack, replicaOutputs, stackOutputs } from '../aws/deployed-stack';
import { stackFault } from '../aws/plan-stack';
import { settingsOutcome } from './configuration-checks';
import { type CheckResult, failed, type HealthCheck, passed, resultOf } from './health-check';

const STACK = ['configuration', 'aws', 'stack'];

/**
 * Checks of AWS. The doctor compares settings instead of templates, because synthesis takes longer than all other
 * checks together.
 */
export const STACK_CHECKS: readonly HealthCheck[] = [
  {
    id: 'aws',
    title: 'AWS credentials and region',
    dependsOn: [],
    run: async ({ aws }) => {
      const { account, region, arn } = await aws.identity();
      return passed(`account ${account}, region ${region}, as ${arn}`);
    },
  },
  {
    id: 'stack',
    title: `Stack ${STACK_NAME}`,
    dependsOn: ['configuration', 'aws'],
    run: async ({ stack }) => {
      const deployed = await stack();
      const fault = stackFault(deployed);
      return fault === null ? readyResult(deployed) : failed(fault.what, fault.fix);
    },
  },
  {
    id: 'replica-stack',
    title: "Replica's tables and function sync",
    dependsOn: STACK,
    run: async ({ stack }) => replicaResult(await stack()),
  },
  {
    id: 'deployed-settings',
    title: 'Settings of the deployed functions',
    dependsOn: STACK,
    run: async ({ stack, settings }) => settingsOutcome(await stack(), settings()),
  },
  {
    id: 'secret',
    title: 'Credentials secret',
    // The secret is compared with .env: invalid tokens there are reported by the checks of .env's tokens.
    dependsOn: [...STACK, 'airtable-token', 'twilio-token'],
    run: async ({ settings, stack }) => resultOf(await planSecret(settings(), await stack())),
  },
];

const DEPLOY = 'npx frontline setup deploys this version with the settings of .env';

function readyResult(stack: DeployedStack): CheckResult {
  const missing = CALLBACK_NAMES.filter((name) => !stack.functionVariables.has(name));
  if (missing.length > 0) return failed(`no function for ${missing.join(', ')}`, DEPLOY);
  const isRolledBack = stack.status === 'UPDATE_ROLLBACK_COMPLETE';
  const note = isRolledBack ? ': its last deployment failed and was rolled back' : '';
  return passed(`${stack.status}${note}, at ${stackOutputs(stack).apiUrl}`);
}

/** Whether the stack has the replica's resources; the opt-out table may remain from an earlier stack. */
function replicaResult(stack: DeployedStack): CheckResult {
  const outputs = replicaOutputs(stack);
  if (outputs === null) return failed('the deployed version has no replica', DEPLOY);
  const { replicaTable, optOutTable, syncFunction } = outputs;
  const names = new Set(stack.resources.map(({ physicalId }) => physicalId));
  const missing = [replicaTable, syncFunction].filter((name) => !names.has(name));
  if (!stack.resources.some(({ type }) => type === 'AWS::Scheduler::Schedule'))
    missing.push('a schedule for sync');
  return missing.length > 0
    ? failed(`the stack lacks ${missing.join(', ')}`, DEPLOY)
    : passed(`${replicaTable}, ${optOutTable}, ${syncFunction}`);
}

import { ConfigurationError } from '../../lambdas/errors';
import { CALLBACK_NAMES } from '../../lambdas/twilio/callbacks';
import { STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError } from '../aws/aws-setup-error';
import { type AwsLookUp, noStack } from '../aws/cached-lookups';
import type { HeldSecret } from '../aws/credentials-secret';
import { type DeployedStack, replicaOutputs, stackOutputs } from '../aws/deployed-stack';
import type { Identity } from '../aws/identity';
import { stateOf } from '../aws/stack-state';
import type { Settings } from '../settings/settings';
import type { CheckResult, HealthCheck } from './health-check';
import { settingsOutcome } from './stack-settings';

const DEPLOY = 'npm run setup deploys it with the settings of .env';

/** Checks of AWS: whether it responds, and whether the deployed stack matches `.env`. */
export function stackChecks({
  settings,
  aws,
}: {
  readonly settings: () => Settings;
  readonly aws: AwsLookUp;
}): readonly HealthCheck[] {
  const stack = async () => {
    const found = await aws.stack();
    if (found === null) throw noStack();
    return found;
  };
  return [
    {
      id: 'aws',
      title: 'AWS credentials and region',
      dependsOn: [],
      run: () => orUnusable(async () => identityOutcome(await aws.identity())),
    },
    {
      id: 'stack',
      title: `Stack ${STACK_NAME}`,
      dependsOn: ['configuration', 'aws'],
      run: () => orUnusable(async () => stackOutcome(await stack())),
    },
    {
      id: 'replica-stack',
      title: "Replica's tables and function sync",
      dependsOn: ['configuration', 'aws', 'stack'],
      run: async () => replicaStackOutcome(await stack()),
    },
    {
      id: 'deployed-settings',
      title: 'Settings of the deployed functions',
      dependsOn: ['configuration', 'aws', 'stack'],
      run: async () => settingsOutcome(await stack(), settings()),
    },
    {
      id: 'secret',
      title: 'Credentials secret',
      // The secret is compared with .env: an invalid token there is reported by the check of .env's token.
      dependsOn: ['configuration', 'aws', 'stack', 'airtable-token'],
      run: () => orUnusable(async () => secretOutcome(await aws.secret(), settings())),
    },
  ];
}

/** The result for an error that comes with a fix. */
async function orUnusable(look: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof AwsSetupError) return { status: 'fail', message: error.problem, fix: error.fix };
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      status: 'fail',
      message: error.message,
      fix: 'npm run setup fixes it from .env',
    };
  }
}

function identityOutcome({ account, region, arn }: Identity): CheckResult {
  return { status: 'pass', message: `account ${account}, region ${region}, as ${arn}` };
}

function stackOutcome(stack: DeployedStack): CheckResult {
  const { status, reason } = stack;
  const because = reason === null ? '' : `: ${reason}`;
  switch (stateOf(status)) {
    case 'in-progress':
      return {
        status: 'fail',
        message: `a deployment or deletion is in progress (${status})`,
        fix: 'Wait until it ends; npm run setup waits and continues',
      };
    case 'creation-failed':
    case 'delete-failed':
      return { status: 'fail', message: `in status ${status}${because}`, fix: DEPLOY };
    case 'stuck':
      return {
        status: 'fail',
        message: `stuck in ${status}${because}`,
        fix: `npx cdk rollback ${STACK_NAME}, then npm run setup`,
      };
    case 'ready':
      return readyOutcome(stack);
  }
}

function readyOutcome(stack: DeployedStack): CheckResult {
  const missing = CALLBACK_NAMES.filter((name) => !stack.functionVariables.has(name));
  if (missing.length > 0) {
    return { status: 'fail', message: `no function for ${missing.join(', ')}`, fix: DEPLOY };
  }
  const { apiUrl } = stackOutputs(stack);
  const undone =
    stack.status === 'UPDATE_ROLLBACK_COMPLETE' ? ': its last deployment failed and was rolled back' : '';
  return { status: 'pass', message: `${stack.status}${undone}, at ${apiUrl}` };
}

/** Whether the stack has the replica's resources; the opt-out table may remain from an earlier stack. */
function replicaStackOutcome(stack: DeployedStack): CheckResult {
  const outputs = replicaOutputs(stack);
  if (outputs === null) {
    return {
      status: 'fail',
      message: 'the deployed version has no replica',
      fix: 'npm run setup deploys this version and reads the base into the replica',
    };
  }
  const { replicaTable, optOutTable, syncFunction } = outputs;
  const names = new Set(stack.resources.map(({ physicalId }) => physicalId));
  const missing = [replicaTable, syncFunction].filter((name) => !names.has(name));
  const hasSchedule = stack.resources.some(({ type }) => type === 'AWS::Scheduler::Schedule');
  if (missing.length > 0 || !hasSchedule) {
    const what = [...missing, ...(hasSchedule ? [] : ['a schedule for sync'])].join(', ');
    return { status: 'fail', message: `the stack lacks ${what}`, fix: DEPLOY };
  }
  return { status: 'pass', message: `${replicaTable}, ${optOutTable}, ${syncFunction}` };
}

function secretOutcome({ credentials, keys }: HeldSecret, settings: Settings): CheckResult {
  if (credentials.airtableApiKey !== settings.airtableApiKey) {
    return {
      status: 'fail',
      message: 'its AIRTABLE_API_KEY differs from .env',
      fix: 'npm run setup updates it from .env',
    };
  }
  return { status: 'pass', message: `holds ${keys.join(', ')}` };
}

import { joined, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { withManualSteps } from './aws-errors';
import { readIdentity } from './cached-lookups';
import { synthesise } from './cdk';
import { planSecret } from './credentials-secret';
import { readStack } from './deployed-stack';
import { findKeptTable, type KeptTable } from './opt-out-table';
import { planBootstrap, planStack } from './plan-stack';

export interface AwsSetUp {
  readonly settings: Settings;
  /** The opt-out table that `.env` names; null to find one that an earlier stack left. */
  readonly optOutTable: string | null;
  /** The project's folder. */
  readonly directory: string;
}

/** AWS's part of a setup: bootstraps the account for CDK, deploys this folder's stack and fills the secret. */
export function awsStep({ settings, optOutTable, directory }: AwsSetUp): Reconciler {
  return {
    name: 'AWS',
    plan: () =>
      withManualSteps(async () => {
        const identity = await readIdentity();
        const { airtableBaseId: baseId } = settings.configuration;
        const present = await readStack();
        const kept = optOutTable === null ? await findKeptTable(present, baseId, identity) : null;
        const name = optOutTable ?? kept?.name ?? null;
        const caller = {
          directory,
          region: identity.region,
          ...(name !== null && { variables: { OPT_OUT_TABLE_NAME: name } }),
        };
        const assembly = await synthesise(caller);
        const bootstrap = await planBootstrap(identity, caller);
        const stack = planStack(present, assembly, caller);
        const isStuck = stack.manualSteps !== undefined;
        const secret = isStuck ? {} : await withManualSteps(() => planSecret(settings, present));
        const here = `Account ${identity.account}, region ${identity.region}, as ${identity.arn}`;
        return joined([{ upToDate: [here, ...describeKept(kept, baseId)] }, bootstrap, stack, secret]);
      }),
  };
}

function describeKept(kept: KeptTable | null, baseId: string): readonly string[] {
  if (kept === null) return [];
  const ofBase = kept.baseId === baseId ? '' : `, for the earlier base ${kept.baseId ?? 'unknown'}`;
  return [`The table ${kept.name} has the opt-outs of an earlier stack${ofBase}: it is reused`];
}

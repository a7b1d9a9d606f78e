import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { joined, type ManualStep, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { withManualSteps } from './aws-errors';
import { planSecret } from './credentials-secret';
import { readStackStatus, type StackStatus } from './deployed-stack';
import type { Deployment } from './deployment';
import type { KeptTable } from './kept-tables';
import { planBootstrap, planStack } from './plan-stack';

/** AWS's part of a setup: bootstraps the account for CDK, deploys this folder's stack and fills the secret. */
export function awsStep(settings: Settings, deployment: () => Promise<Deployment>): Reconciler {
  return {
    name: 'AWS',
    plan: () =>
      withManualSteps(async () => {
        const { identity, present, kept, caller, assembly } = await deployment();
        const bootstrap = await planBootstrap(identity, caller);
        const stack = isInboxForgotten(settings, await readStackStatus(INBOX_STACK_NAME))
          ? { manualSteps: [FORGOTTEN_INBOX] }
          : planStack(present, { name: STACK_NAME, assembly, caller });
        const isStuck = stack.manualSteps !== undefined;
        const secret = isStuck ? {} : await withManualSteps(() => planSecret(settings, present));
        const here = `Account ${identity.account}, region ${identity.region}, as ${identity.arn}`;
        const { airtableBaseId } = settings.configuration;
        const reused = kept.map((table) => describeKept(table, airtableBaseId));
        return joined([{ upToDate: [here, ...reused] }, bootstrap, stack, secret]);
      }),
  };
}

/** Whether there is an inbox that `.env` does not have. The service without it would not keep it working. */
export function isInboxForgotten({ inbox }: Settings, stack: StackStatus | null): boolean {
  return !inbox.isOn && stack !== null;
}

export const FORGOTTEN_INBOX: ManualStep = {
  what: `The stack ${INBOX_STACK_NAME} is deployed, but .env has no INBOX=true`,
  fix: 'npx frontline setup --inbox keeps the inbox; npx frontline teardown --inbox removes it',
};

function describeKept({ name, kind, baseId }: KeptTable, ofBase: string): string {
  const earlier = baseId === ofBase ? '' : `, for the earlier base ${baseId ?? 'unknown'}`;
  return `The table ${name} has ${kind.content} of an earlier stack${earlier}: it is reused`;
}

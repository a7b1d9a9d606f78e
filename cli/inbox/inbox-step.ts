import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { withManualSteps } from '../aws/aws-errors';
import { readStack, readStackStatus } from '../aws/deployed-stack';
import type { Deployment } from '../aws/deployment';
import { planStack } from '../aws/plan-stack';
import { stateOf } from '../aws/wait-for-stack';
import { joined, type PlanPart, type Reconciler } from '../plan/plan';
import type { InboxChoices } from '../settings/settings';
import { type InboxOutputs, inboxOutputs } from './inbox-outputs';
import { rebuildApp } from './site/build-app';
import { pageFor } from './site/page';
import { planSite } from './site/plan-site';
import { SiteBucket } from './site/site-bucket';
import { readSite, type Site } from './site/site-files';

/** The inbox's part of a setup: deploys its stack. */
export function inboxStackStep(deployment: () => Promise<Deployment>): Reconciler {
  return {
    name: 'Inbox',
    plan: () =>
      withManualSteps(async () => {
        const { caller, assembly } = await deployment();
        const stack = { name: INBOX_STACK_NAME, assembly, caller };
        return joined([planStack(await readStack(INBOX_STACK_NAME), stack)]);
      }),
  };
}

/** Likewise, once the stack is deployed: uploads the app. */
export function inboxSiteStep(inbox: InboxChoices): Reconciler {
  return {
    name: "Inbox's site",
    plan: () =>
      withManualSteps(async () => {
        const stack = await readStackStatus(INBOX_STACK_NAME);
        if (stack === null || stateOf(stack.status) !== 'ready') return NOT_YET;
        const outputs = inboxOutputs(stack);
        return planSite(await siteFor(outputs, inbox), new SiteBucket(outputs.siteBucket));
      }),
  };
}

/** For a dry run, because a setup deploys the stack first. */
const NOT_YET: PlanPart = {
  changes: [
    {
      summary: 'Upload the app, once the stack is deployed',
      diff: [],
      apply: async () => {
        throw new Error(`The stack ${INBOX_STACK_NAME} is not deployed: run npx frontline setup again`);
      },
    },
  ],
};

/** This folder's build for a deployed inbox. */
export async function siteFor(
  { apiUrl, liveUrl, signInUrl, clientId }: InboxOutputs,
  { mediaUrl }: InboxChoices,
): Promise<Site> {
  const built = await rebuildApp();
  return readSite(built, (html) => pageFor(html, { apiUrl, liveUrl, signInUrl, clientId, mediaUrl }));
}

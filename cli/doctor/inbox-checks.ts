import { isKnownError } from '../../lambdas/errors';
import { INBOX_FUNCTION_NAMES } from '../../lib/function-names';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { FORGOTTEN_INBOX, isInboxForgotten } from '../aws/aws-step';
import { stackFault } from '../aws/plan-stack';
import { countFailedEvents } from '../inbox/failed-events';
import { planSite } from '../inbox/site/plan-site';
import { SiteBucket } from '../inbox/site/site-bucket';
import { isInboxOn } from '../settings/settings';
import { inboxSettingsOutcome } from './configuration-checks';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, failed, type HealthCheck, passed, resultOf } from './health-check';
import { addressResult } from './inbox-address';
import { workersResult } from './inbox-workers';

const STACK = ['configuration', 'aws', 'stack', 'inbox-stack'];

const STACK_CHECK: HealthCheck = {
  id: 'inbox-stack',
  title: `Stack ${INBOX_STACK_NAME}`,
  dependsOn: ['configuration', 'aws', 'stack'],
  run: stackResult,
};

/** Checks of the workers' inbox. */
const INBOX_CHECKS: readonly HealthCheck[] = [
  STACK_CHECK,
  {
    id: 'inbox-settings',
    title: "Settings of the inbox's functions",
    dependsOn: STACK,
    run: async ({ inboxStack, settings }) => inboxSettingsOutcome(await inboxStack(), settings()),
  },
  {
    id: 'inbox-site',
    title: "Inbox's site",
    dependsOn: STACK,
    run: async ({ inboxOutputs, inboxSite }) => {
      const bucket = new SiteBucket((await inboxOutputs()).siteBucket);
      return resultOf(await planSite(await inboxSite(), bucket));
    },
  },
  {
    id: 'inbox-address',
    title: "Inbox's address",
    dependsOn: [...STACK, 'inbox-site'],
    run: async ({ inboxOutputs, inboxSite, settings }) =>
      addressResult(await inboxOutputs(), await inboxSite(), settings().inbox),
  },
  {
    id: 'inbox-events',
    title: 'Events that the inbox could not handle',
    dependsOn: STACK,
    run: async () => {
      const count = await countFailedEvents();
      return count === 0
        ? passed('none')
        : failed(
            `${count} waiting in the dead-letter queue`,
            'npx frontline logs --errors --callback inbox-events shows why; docs/runbook.md, "inbox-events-failed", says how to put them back',
          );
    },
  },
  {
    id: 'inbox-workers',
    title: 'Workers of the inbox',
    dependsOn: STACK,
    run: async ({ inbox }) => workersResult(await inbox()),
  },
];

/**
 * The checks of the inbox: all if `.env` has one, none without one. If only AWS has one, the check of the stack says
 * so.
 */
export async function inboxChecks({ environment, aws }: DoctorContext): Promise<readonly HealthCheck[]> {
  if (isInboxOn(environment)) return INBOX_CHECKS;
  try {
    return (await aws.inboxStack()) === null ? [] : [STACK_CHECK];
  } catch (error) {
    // The check of AWS reports it.
    if (isKnownError(error)) return [];
    throw error;
  }
}

/** CloudFront's own name of a distribution. */
const CLOUDFRONT = /^https:\/\/[^/]+\.cloudfront\.[a-z.]+$/;

async function stackResult({ inboxStack, settings, inboxOutputs }: DoctorContext): Promise<CheckResult> {
  const stack = await inboxStack();
  if (isInboxForgotten(settings(), stack)) return failed(FORGOTTEN_INBOX.what, FORGOTTEN_INBOX.fix);
  const fault = stackFault(stack);
  if (fault !== null) return failed(fault.what, fault.fix);
  const missing = INBOX_FUNCTION_NAMES.filter((name) => !stack.functionVariables.has(name));
  if (missing.length > 0) return failed(`no function for ${missing.join(', ')}`, 'npx frontline setup');
  const { url } = await inboxOutputs();
  const wanted = settings().inbox.url;
  if (wanted === null ? !CLOUDFRONT.test(url) : wanted !== url) {
    const ofEnv = wanted === null ? 'INBOX_URL is blank' : `INBOX_URL is ${wanted}`;
    return failed(`it is deployed for ${url}, and in .env ${ofEnv}`, 'npx frontline setup');
  }
  return passed(`${stack.status}, at ${url}`);
}

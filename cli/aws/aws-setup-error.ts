import { ConfigurationError } from '../../lambdas/errors';
import { joined, type Plan, type PlanPart } from '../plan/plan';

/** AWS cannot be used with this setup: no credentials, no region, no permissions, or a deleted resource. */
export class AwsSetupError extends ConfigurationError {
  constructor(
    /** The problem and its subject. */
    readonly problem: string,
    /** The fix. */
    readonly fix: string,
    cause?: unknown,
  ) {
    super([`${problem}: ${fix}`], { cause });
  }
}

/** Turns an AWS setup error into a manual step, because only a person can fix it. */
export async function withManualSteps(plan: () => Promise<PlanPart>): Promise<Plan> {
  try {
    return joined([await plan()]);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    return joined([{ manualSteps: [{ what: error.problem, fix: error.fix }] }]);
  }
}

import { joined, type Plan, type PlanPart } from '../plan/plan';
import { AwsSetupError } from './aws-setup-error';

/** Turns an AWS setup error into a manual step, because only a person can fix it. */
export async function withManualSteps(plan: () => Promise<PlanPart>): Promise<Plan> {
  try {
    return joined([await plan()]);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    return joined([{ manualSteps: [{ what: error.problem, fix: error.fix }] }]);
  }
}

import { joined, type Plan, type SurveyPart } from '../plan/plan';
import { AwsSetupError } from './aws-setup-error';

/** Turns an AWS setup error into a manual step, because only a person can fix it. */
export async function withObstacles(survey: () => Promise<SurveyPart>): Promise<Plan> {
  try {
    return joined([await survey()]);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    return joined([{ obstacles: [{ what: error.says, remedy: error.remedy }] }]);
  }
}

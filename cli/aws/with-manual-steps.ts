import { joined, type Plan, type SurveyPart } from '../plan/plan';
import { AwsSetupError } from './aws-setup-error';

/** What makes AWS unusable is for a person to put right. */
export async function withObstacles(survey: () => Promise<SurveyPart>): Promise<Plan> {
  try {
    return joined([await survey()]);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    return joined([{ obstacles: [{ what: error.says, remedy: error.remedy }] }]);
  }
}

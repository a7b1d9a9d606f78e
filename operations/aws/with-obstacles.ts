import { joined, type Survey, type SurveyPart } from '../changes/survey';
import { AwsUnusable } from './aws-unusable';

/** What makes AWS unusable is for a person to put right. */
export async function withObstacles(survey: () => Promise<SurveyPart>): Promise<Survey> {
  try {
    return joined([await survey()]);
  } catch (error) {
    if (!(error instanceof AwsUnusable)) throw error;
    return joined([{ obstacles: [{ what: error.says, remedy: error.remedy }] }]);
  }
}

import type { Survey } from '../changes/survey';
import { AwsUnusable } from './aws-unusable';

/** What makes AWS unusable is for a person to put right. */
export async function withObstacles(survey: () => Promise<Survey>): Promise<Survey> {
  try {
    return await survey();
  } catch (error) {
    if (!(error instanceof AwsUnusable)) throw error;
    return { ...nothing(), obstacles: [{ what: error.says, remedy: error.remedy }] };
  }
}

/** A survey that found nothing at all. */
export function nothing(): Survey {
  return { right: [], changes: [], obstacles: [] };
}

/** Several surveys as one, in their order. */
export function together(surveys: readonly Survey[]): Survey {
  return {
    right: surveys.flatMap(({ right }) => right),
    changes: surveys.flatMap(({ changes }) => changes),
    obstacles: surveys.flatMap(({ obstacles }) => obstacles),
  };
}

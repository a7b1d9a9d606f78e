import type { Environment } from '../../lambdas/configuration/configuration';
import type { Step } from '../changes/survey';
import type { Settings } from '../settings/settings';
import { readIdentity } from './identity';
import { surveyBootstrap } from './survey-bootstrap';
import { nothing, together, withObstacles } from './survey-parts';
import { surveySecret } from './survey-secret';
import { surveyStack } from './survey-stack';
import { synthesise } from './synthesis';

export interface AwsSetUp {
  readonly settings: Settings;
  /** The project's folder. */
  readonly directory: string;
  readonly environment: Environment;
}

/** AWS's part of a set-up: the account made ready for CDK, the stack as this folder has it, the secret filled. */
export function awsStep({ settings, directory, environment }: AwsSetUp): Step {
  return {
    name: 'AWS',
    survey: () =>
      withObstacles(async () => {
        const identity = await readIdentity();
        const caller = { directory, environment, region: identity.region };
        const assembly = await synthesise(caller);
        const bootstrap = await surveyBootstrap(identity, assembly, caller);
        const stack = await surveyStack(assembly, caller);
        const secret =
          stack.obstacles.length > 0 ? nothing() : await withObstacles(() => surveySecret(settings));
        const here = `Account ${identity.account}, region ${identity.region}, as ${identity.arn}`;
        return together([{ ...nothing(), right: [here] }, bootstrap, stack, secret]);
      }),
  };
}

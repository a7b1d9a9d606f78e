import { joined, type Step } from '../changes/survey';
import type { Settings } from '../settings/settings';
import { readIdentity } from './identity';
import { surveyBootstrap } from './survey-bootstrap';
import { surveySecret } from './survey-secret';
import { surveyStack } from './survey-stack';
import { synthesise } from './synthesis';
import { withObstacles } from './with-obstacles';

export interface AwsSetUp {
  readonly settings: Settings;
  /** The project's folder. */
  readonly directory: string;
}

/** AWS's part of a set-up: the account made ready for CDK, the stack as this folder has it, the secret filled. */
export function awsStep({ settings, directory }: AwsSetUp): Step {
  return {
    name: 'AWS',
    survey: () =>
      withObstacles(async () => {
        const identity = await readIdentity();
        const caller = { directory, region: identity.region };
        const assembly = await synthesise(caller);
        const bootstrap = await surveyBootstrap(identity, assembly, caller);
        const stack = await surveyStack(assembly, caller);
        const secret = stack.obstacles === undefined ? await withObstacles(() => surveySecret(settings)) : {};
        const here = `Account ${identity.account}, region ${identity.region}, as ${identity.arn}`;
        return joined([{ right: [here] }, bootstrap, stack, secret]);
      }),
  };
}

import type { Environment } from '../../lambdas/configuration/configuration';
import { STACK_NAME } from '../../lib/stack-names';
import { awsTeardownStep } from '../aws/aws-teardown-step';
import { callbackUrlOf, readStackStatus } from '../aws/deployed-stack';
import { type Consent, carryOut } from '../changes/carry-out';
import { readSettings } from '../settings/settings';
import type { Screen } from '../terminal/screen';
import { twilioTeardownStep } from '../twilio/twilio-teardown-step';

/** Where a service is taken down, and how. */
export interface TearDown {
  /** `.env` under the environment. */
  readonly environment: Environment;
  readonly screen: Screen;
  readonly consent: Consent;
  readonly signal: AbortSignal;
}

/**
 * Takes back what a set-up made, from wherever that stands. Twilio first, so that it never calls what is not there.
 * @returns the exit status: 1 where something is left that should not be.
 * @throws {AwsUnusable} where AWS cannot be asked: without its word nobody knows what at Twilio is this stack's
 */
export async function tearDown({ environment, screen, consent, signal }: TearDown): Promise<number> {
  const settings = readSettings(environment);
  const stack = await readStackStatus(STACK_NAME);
  const callbackUrl = stack && callbackUrlOf(stack, 'twilio-conversations');
  const twilio = await carryOut(twilioTeardownStep({ settings, callbackUrl }), screen, consent, signal);
  const aws = await carryOut(awsTeardownStep(), screen, consent, signal);
  if (consent.kind === 'dry-run') {
    screen.line('\nA dry run: nothing was changed.');
    return 0;
  }
  screen.heading('What stays');
  screen.right(`The base ${settings.configuration.airtableBaseId}, to the last row`);
  screen.right('.env: delete it where nobody needs it any more, for it holds credentials');
  screen.right("Frontline's callbacks and routing in the Twilio console: blank them there, for no API can");
  return [twilio, aws].every(({ isComplete }) => isComplete) ? 0 : 1;
}

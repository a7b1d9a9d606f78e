import { STACK_NAME } from '../../lib/stack-names';
import type { Change, PlanPart } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { noStack } from './cached-lookups';
import { compareSecret, fillSecret, type SecretDifference, secretValues } from './credentials-secret';
import { readStackStatus, type StackStatus, stackOutputs } from './deployed-stack';
import { stateOf } from './stack-state';

/**
 * Whether the stack's secret has the settings' credentials. Shows differences by name only.
 * @throws {AwsSetupError}
 */
export async function planSecret(settings: Settings, stack: StackStatus | null): Promise<PlanPart> {
  const wanted = secretValues(settings);
  const arn = stack && stateOf(stack.status) === 'ready' ? stack.outputs['CredentialsSecretArn'] : undefined;
  const different: readonly SecretDifference[] = arn
    ? await compareSecret(arn, wanted)
    : Object.keys(wanted).map((key) => ({ key, isThere: false }));
  if (different.length === 0) return { upToDate: ['The credentials secret matches .env'] };
  const keys = different.map(({ key }) => key).join(', ');
  const change: Change = {
    summary: `Fill the credentials secret: ${keys}`,
    diff: different.map(({ key, isThere }) => ({
      what: key,
      from: isThere ? 'another value' : null,
      to: 'the value of .env',
    })),
    problem: `the secret lacks values of .env: ${keys}`,
    apply: async () => {
      const deployed = await readStackStatus(STACK_NAME);
      if (deployed === null) throw noStack();
      await fillSecret(stackOutputs(deployed).credentialsSecretArn, wanted);
    },
  };
  return { changes: [change] };
}

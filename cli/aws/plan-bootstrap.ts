import type { Change, PlanPart } from '../plan/plan';
import { bootstrap, type CdkCaller } from './cdk';
import { readStackStatus } from './deployed-stack';
import type { Identity } from './identity';
import { stateOf } from './stack-state';
import { untilSettled } from './wait-for-stack';

/** The name of `cdk bootstrap`'s stack, and the version that this deployment needs. */
const BOOTSTRAP = { stack: 'CDKToolkit', output: 'BootstrapVersion', needed: 6 };

/** Whether this account and region are bootstrapped for CDK. @throws {AwsSetupError} {ServiceUnavailableError} */
export async function planBootstrap({ account, region }: Identity, caller: CdkCaller): Promise<PlanPart> {
  const found = await readStackStatus(BOOTSTRAP.stack);
  const version = found && stateOf(found.status) === 'ready' ? Number(found.outputs[BOOTSTRAP.output]) : 0;
  if (version >= BOOTSTRAP.needed) {
    return { upToDate: ['The account is bootstrapped for CDK in this region'] };
  }
  const place = `aws://${account}/${region}`;
  const change: Change = {
    summary: `Bootstrap ${place} for CDK, with a bucket and roles for deployments`,
    diff: [{ what: `Stack ${BOOTSTRAP.stack}`, from: found?.status ?? null, to: 'CREATE_COMPLETE' }],
    apply: async (onProgress) => {
      await untilSettled(BOOTSTRAP.stack, onProgress);
      await bootstrap(place, caller, onProgress);
    },
  };
  return { changes: [change] };
}

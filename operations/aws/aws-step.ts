import type { Environment } from '../../lambdas/configuration/configuration';
import type { Change, Difference, Obstacle, Step, Survey } from '../changes/survey';
import type { Settings } from '../settings/settings';
import { AwsUnusable } from './aws-unusable';
import { type CdkCaller, runCdk } from './cdk';
import { compareSecret, fillSecret, type SecretDifference, secretValues } from './credentials-secret';
import { readStack, readStackStatus, type StackStatus, stackOutputs } from './deployed-stack';
import { type Identity, readIdentity } from './identity';
import { noStack } from './look-up';
import { STACK_NAME } from './stack-names';
import { stateOf } from './stack-state';
import { deleteStack, untilSettled } from './stack-waiting';
import { type Assembly, synthesise } from './synthesis';
import { templateDifferences } from './template-differences';

/** What `cdk bootstrap` calls its own stack, and the version of it that deployments as ours need. */
const BOOTSTRAP = { stack: 'CDKToolkit', output: 'BootstrapVersion', needed: 6 };

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

/** What makes AWS unusable is for a person to put right. */
export async function withObstacles(survey: () => Promise<Survey>): Promise<Survey> {
  try {
    return await survey();
  } catch (error) {
    if (!(error instanceof AwsUnusable)) throw error;
    return { ...nothing(), obstacles: [{ what: error.says, remedy: error.remedy }] };
  }
}

function nothing(): Survey {
  return { right: [], changes: [], obstacles: [] };
}

function together(surveys: readonly Survey[]): Survey {
  return {
    right: surveys.flatMap(({ right }) => right),
    changes: surveys.flatMap(({ changes }) => changes),
    obstacles: surveys.flatMap(({ obstacles }) => obstacles),
  };
}

async function surveyBootstrap(
  { account, region }: Identity,
  assembly: Assembly,
  caller: CdkCaller,
): Promise<Survey> {
  const found = await readStackStatus(BOOTSTRAP.stack);
  const version = found && stateOf(found.status) === 'ready' ? Number(found.outputs[BOOTSTRAP.output]) : 0;
  if (version >= BOOTSTRAP.needed) {
    return { ...nothing(), right: ['The account is bootstrapped for CDK in this region'] };
  }
  const place = `aws://${account}/${region}`;
  const change: Change = {
    summary: `Bootstrap ${place} for CDK: a bucket and roles that deployments go through`,
    difference: [{ what: `Stack ${BOOTSTRAP.stack}`, from: found?.status ?? null, to: 'CREATE_COMPLETE' }],
    apply: async (tell) => {
      await untilSettled(BOOTSTRAP.stack, tell);
      // The assembly is named so that CDK does not make another one only to learn of no other place.
      await runCdk(['bootstrap', place, '--app', assembly.directory], caller, tell);
    },
  };
  return { ...nothing(), changes: [change] };
}

async function surveyStack(assembly: Assembly, caller: CdkCaller): Promise<Survey> {
  const stack = await readStack();
  const parts = Object.keys(assembly.template.Resources).length;
  const whole = (from: string | null): Difference[] => [
    { what: `Stack ${STACK_NAME}`, from, to: `${parts} resources` },
  ];
  const deploy = (summary: string, difference: readonly Difference[]): Survey => ({
    ...nothing(),
    changes: [{ summary, difference, apply: (tell) => deployAssembly(assembly, caller, tell) }],
  });
  if (stack === null) return deploy(`Deploy the stack ${STACK_NAME}`, whole(null));
  switch (stateOf(stack.status)) {
    case 'under-way':
      return deploy(
        `Wait for what is under way with the stack ${STACK_NAME}, then deploy`,
        whole(stack.status),
      );
    case 'never-made':
      return deploy(
        `Clear away the stack ${STACK_NAME}, whose creation failed, and deploy`,
        whole(stack.status),
      );
    case 'half-deleted':
      return deploy(`Delete what is left of the stack ${STACK_NAME}, and deploy`, whole(stack.status));
    case 'stuck':
      return { ...nothing(), obstacles: [stuck(stack)] };
    case 'ready': {
      const difference = templateDifferences(stack.template, assembly.template);
      return difference.length === 0
        ? { ...nothing(), right: [`The stack ${STACK_NAME} is deployed as it is in this folder`] }
        : deploy(`Deploy the stack ${STACK_NAME} again`, difference);
    }
  }
}

/** What a person has to do about a stack that CloudFormation itself could not bring into any good state. */
export function stuck({ status, reason }: StackStatus): Obstacle {
  return {
    what: `The stack ${STACK_NAME} is stuck in ${status}${reason === null ? '' : ` (${reason})`}`,
    remedy: `npx cdk rollback ${STACK_NAME}, or CloudFormation's page of the stack in the AWS console; then run this again`,
  };
}

async function deployAssembly(
  assembly: Assembly,
  caller: CdkCaller,
  tell: (progress: string) => void,
): Promise<void> {
  const stack = await untilSettled(STACK_NAME, tell);
  if (stack !== null && stateOf(stack.status) === 'half-deleted') await deleteStack(STACK_NAME, tell);
  const how = ['--app', assembly.directory, '--require-approval', 'never', '--progress', 'events'];
  await runCdk(['deploy', STACK_NAME, ...how], caller, tell);
}

async function surveySecret(settings: Settings): Promise<Survey> {
  const wanted = secretValues(settings);
  const stack = await readStackStatus(STACK_NAME);
  const arn = stack && stateOf(stack.status) === 'ready' ? stack.outputs['CredentialsSecretArn'] : undefined;
  const different: readonly SecretDifference[] = arn
    ? await compareSecret(arn, wanted)
    : Object.keys(wanted).map((key) => ({ key, isThere: false }));
  if (different.length === 0) {
    return { ...nothing(), right: ['The credentials secret holds what .env has'] };
  }
  const change: Change = {
    summary: `Fill the credentials secret: ${different.map(({ key }) => key).join(', ')}`,
    difference: different.map(({ key, isThere }) => ({
      what: key,
      from: isThere ? 'another value' : null,
      to: 'the value of .env',
    })),
    apply: async () => {
      const deployed = await readStackStatus(STACK_NAME);
      if (deployed === null) throw noStack();
      await fillSecret(stackOutputs(deployed).credentialsSecretArn, wanted);
    },
  };
  return { ...nothing(), changes: [change] };
}

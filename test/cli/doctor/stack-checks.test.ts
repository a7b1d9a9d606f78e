import { describe, expect, test } from '@jest/globals';
import { AwsSetupError } from '../../../cli/aws/aws-errors';
import type { CachedAws } from '../../../cli/aws/cached-lookups';
import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { noStack } from '../../../cli/aws/stack-errors';
import type { CheckResult } from '../../../cli/doctor/health-check';
import { STACK_CHECKS } from '../../../cli/doctor/stack-checks';
import { readSettings } from '../../../cli/settings/settings';
import { CALLBACK_NAMES } from '../../../lambdas/twilio/callbacks';
import { aStack, IDENTITY } from '../aws/a-stack';
import { MINIMAL } from '../settings/minimal-settings';
import { examineOne } from './examine';

const VARIABLES = { AIRTABLE_BASE_ID: 'appTest', TWILIO_SMS_NUMBER: '+14135550100' };
const OUTPUTS = {
  ApiUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com',
  CredentialsSecretArn: 'arn',
  ...Object.fromEntries(
    ['Crm', 'OutgoingConversation', 'Routing', 'Templates', 'TwilioConversations'].map((name) => [
      `${name}CallbackUrl`,
      'https://x',
    ]),
  ),
};

const aService = (changes: Partial<DeployedStack> = {}) =>
  aStack({
    outputs: OUTPUTS,
    functionVariables: new Map(CALLBACK_NAMES.map((name) => [name, VARIABLES])),
    ...changes,
  });

/** An account without faults, except for the given ones. */
function lookUp(changes: Partial<CachedAws> = {}): CachedAws {
  return {
    identity: async () => IDENTITY,
    stack: async () => aService(),
    inboxStack: async () => null,
    ...changes,
  };
}

function check(
  id: string,
  aws: CachedAws,
  dotEnv: Readonly<Record<string, string>> = MINIMAL,
): Promise<CheckResult> {
  return examineOne(STACK_CHECKS, id, { settings: () => readSettings(dotEnv), aws });
}

describe('aws', () => {
  test('names the owner of the credentials, and the region', async () => {
    expect(await check('aws', lookUp())).toEqual({
      status: 'pass',
      message: 'account 111122223333, region eu-west-1, as arn:aws:iam::111122223333:role/Dev',
    });
  });

  test('names the fault of the credentials, and the fix', async () => {
    const identity = async () => {
      throw new AwsSetupError('The AWS credentials have expired', 'get new ones');
    };

    expect(await check('aws', lookUp({ identity }))).toEqual({
      status: 'fail',
      message: 'The AWS credentials have expired',
      fix: 'get new ones',
    });
  });
});

describe('replica-stack', () => {
  const names = { ReplicaTableName: 'Replica', OptOutTableName: 'OptOuts', SyncFunctionName: 'Sync' };
  const resource = (type: string, physicalId: string) => ({ logicalId: physicalId, type, physicalId });
  const parts = [
    resource('AWS::DynamoDB::Table', 'Replica'),
    resource('AWS::Lambda::Function', 'Sync'),
    resource('AWS::Scheduler::Schedule', 'Schedule'),
  ];
  const ofStack = (outputs: Readonly<Record<string, string>>, resources = parts) =>
    check(
      'replica-stack',
      lookUp({ stack: async () => aService({ outputs: { ...OUTPUTS, ...outputs }, resources }) }),
    );

  test('passes if tables, function and schedule exist, whichever stack has the opt-out table', async () => {
    expect(await ofStack(names)).toEqual({ status: 'pass', message: 'Replica, OptOuts, Sync' });
  });

  test('fails for a version without a replica', async () => {
    expect(await ofStack({})).toMatchObject({
      status: 'fail',
      message: 'the deployed version has no replica',
    });
  });

  test.each(['Replica', 'Sync', 'Schedule'])('fails without %s', async (name) => {
    const left = parts.filter(({ physicalId }) => physicalId !== name);

    expect(await ofStack(names, left)).toMatchObject({
      status: 'fail',
      message: `the stack lacks ${name === 'Schedule' ? 'a schedule for sync' : name}`,
    });
  });
});

describe('stack', () => {
  const ofStack = (changes: Partial<DeployedStack>) =>
    check('stack', lookUp({ stack: async () => aService(changes) }));

  test('passes if it is deployed', async () => {
    expect(await ofStack({})).toEqual({
      status: 'pass',
      message: 'UPDATE_COMPLETE, at https://abc.execute-api.eu-west-1.amazonaws.com',
    });
  });

  test('passes, with a note, if only its last deployment was rolled back', async () => {
    expect(await ofStack({ status: 'UPDATE_ROLLBACK_COMPLETE' })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('its last deployment failed'),
    });
  });

  test('fails without one', async () => {
    expect(await check('stack', lookUp({ stack: async () => null }))).toEqual({
      status: 'fail',
      message: noStack().problem,
      fix: expect.stringContaining('npx frontline setup'),
    });
  });

  test.each([
    ['UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'Wait'],
    ['ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE (why)', 'npx frontline setup'],
    ['DELETE_FAILED', 'DELETE_FAILED (why)', 'npx frontline setup'],
    ['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED (why)', 'npx cdk rollback'],
  ])('fails in %s', async (status, message, fix) => {
    expect(await ofStack({ status, reason: 'why' })).toEqual({
      status: 'fail',
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    });
  });

  test('fails without an output or a function', async () => {
    const outputs = { ...OUTPUTS, CrmCallbackUrl: '' };
    expect(await ofStack({ outputs })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('has no output CrmCallbackUrl'),
    });
    expect(await ofStack({ functionVariables: new Map([['crm', VARIABLES]]) })).toMatchObject({
      status: 'fail',
      message: 'no function for outgoing-conversation, routing, templates, twilio-conversations',
    });
  });
});

describe('deployed-settings', () => {
  const deployedWith = (
    variables: Readonly<Record<string, string>>,
    dotEnv: Readonly<Record<string, string>>,
  ) =>
    check(
      'deployed-settings',
      lookUp({
        stack: async () =>
          aService({ functionVariables: new Map(CALLBACK_NAMES.map((name) => [name, variables])) }),
      }),
      { ...MINIMAL, ...dotEnv },
    );

  test('pass if they mean the same', async () => {
    expect(
      await deployedWith(
        {
          ...VARIABLES,
          TWILIO_SMS_NUMBER: '+1 (413) 555-0100',
          DEFAULT_WORKER: 'ana,ben',
          NODE_OPTIONS: '-x',
        },
        { DEFAULT_WORKER: 'ana , ben', DEFAULT_COUNTRY: 'us', AIRTABLE_TEMPLATES_VIEW: 'Grid view' },
      ),
    ).toEqual({ status: 'pass', message: 'same as .env' });
  });

  test('name every variable that differs, once, with both values', async () => {
    const dotEnv = {
      DEFAULT_WORKER: 'ben',
      TWILIO_API_URL: 'http://localhost:5003',
      PUBLIC_BASE_URL: 'https://x.example',
    };

    expect(await deployedWith({ ...VARIABLES, DEFAULT_WORKER: 'ana, ben' }, dotEnv)).toEqual({
      status: 'fail',
      message: 'the deployed settings differ from .env',
      fix: 'npx frontline setup deploys the settings of .env',
      findings: [
        { what: 'DEFAULT_WORKER: deployed ana, ben, in .env ben', link: null },
        { what: 'PUBLIC_BASE_URL: deployed (not set), in .env https://x.example', link: null },
        {
          what: 'TWILIO_API_URL: deployed (not set), in .env http://localhost:5003',
          link: null,
        },
      ],
    });
  });

  test('name the settings that no function can use', async () => {
    expect(await deployedWith({ AIRTABLE_BASE_ID: 'appTest' }, {})).toMatchObject({
      status: 'fail',
      findings: [{ what: expect.stringContaining('TWILIO_SMS_NUMBER is missing') }],
    });
  });
});

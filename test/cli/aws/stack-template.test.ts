import { describe, expect, test } from '@jest/globals';
import { replicaOutputs, stackOutputs } from '../../../cli/aws/deployed-stack';
import { functionsIn, parseTemplate, type StackTemplate } from '../../../cli/aws/stack-template';
import { templateDifferences } from '../../../cli/aws/template-differences';
import { stateOf } from '../../../cli/aws/wait-for-stack';
import type { Environment } from '../../../lambdas/config';
import { CALLBACK_NAMES } from '../../../lambdas/twilio/callbacks';
import { INBOX_FUNCTION_NAMES } from '../../../lib/function-names';
import { MINIMAL, synthesise, synthesiseInbox } from '../../lib/synthesis';

/** The template that CDK synthesises for these settings. */
function templateFor(environment: Environment): StackTemplate {
  const template = synthesise(environment, { 'aws:cdk:enable-path-metadata': true });
  return parseTemplate(JSON.stringify(template), 'the template');
}

const TEMPLATE = templateFor(MINIMAL);

/** The template with a change in one of its resources. */
function changed(id: RegExp, properties: Readonly<Record<string, unknown>>): StackTemplate {
  return {
    ...TEMPLATE,
    Resources: Object.fromEntries(
      Object.entries(TEMPLATE.Resources).map(([name, resource]) =>
        id.test(name)
          ? [name, { ...resource, Properties: { ...resource.Properties, ...properties } }]
          : [name, resource],
      ),
    ),
  };
}

describe('the stack of this project', () => {
  test('has every function of the service, with its variables and a log group', () => {
    const functions = functionsIn(TEMPLATE);

    expect(functions.map(({ name }) => name)).toEqual([...CALLBACK_NAMES, 'airtable-webhook', 'sync']);
    for (const { variables, logGroupId } of functions) {
      expect(variables).toMatchObject(MINIMAL);
      expect(TEMPLATE.Resources[logGroupId ?? '']?.Type).toBe('AWS::Logs::LogGroup');
    }
  });

  test('has the functions of the inbox in its own stack', () => {
    const template = parseTemplate(JSON.stringify(synthesiseInbox()), 'the template');

    const functions = functionsIn(template);
    expect(functions.map(({ name }) => name)).toEqual(INBOX_FUNCTION_NAMES);
    for (const { logGroupId } of functions) {
      expect(template.Resources[logGroupId ?? '']?.Type).toBe('AWS::Logs::LogGroup');
    }
  });

  test('has every expected output', () => {
    const template = synthesise(MINIMAL);
    const outputs = Object.fromEntries(Object.keys(template.Outputs).map((name) => [name, `of ${name}`]));
    const stack = { status: 'CREATE_COMPLETE', reason: null, isProtected: false, outputs };

    expect(replicaOutputs(stack)).toEqual({
      replicaTable: 'of ReplicaTableName',
      optOutTable: 'of OptOutTableName',
      syncFunction: 'of SyncFunctionName',
    });
    expect(stackOutputs(stack)).toEqual({
      apiUrl: 'of ApiUrl',
      credentialsSecretArn: 'of CredentialsSecretArn',
      callbackUrls: {
        crm: 'of CrmCallbackUrl',
        'outgoing-conversation': 'of OutgoingConversationCallbackUrl',
        routing: 'of RoutingCallbackUrl',
        templates: 'of TemplatesCallbackUrl',
        'twilio-conversations': 'of TwilioConversationsCallbackUrl',
      },
    });
  });
});

test('missing outputs are named', () => {
  const outputs = { ApiUrl: 'https://x', CredentialsSecretArn: 'arn' };

  expect(() =>
    stackOutputs({ status: 'CREATE_COMPLETE', reason: null, isProtected: false, outputs }),
  ).toThrow(/has no output CrmCallbackUrl, OutgoingConversationCallbackUrl, /);
});

describe('the changes of a deployment', () => {
  test('are empty for the same template', () => {
    expect(templateDifferences(TEMPLATE, templateFor(MINIMAL))).toEqual([]);
  });

  test('name changed variables of the functions', () => {
    const wanted = templateFor({ ...MINIMAL, TWILIO_SMS_NUMBER: '+14135550199', DEFAULT_WORKER: 'ana' });

    expect(templateDifferences(TEMPLATE, wanted)).toEqual([
      { what: 'TWILIO_SMS_NUMBER', from: '+14135550100', to: '+14135550199' },
      { what: 'DEFAULT_WORKER', from: null, to: 'ana' },
      ...[
        'SyncFunction',
        'AirtableWebhookFunction',
        'CrmCallback',
        'OutgoingConversationCallback',
        'RoutingCallback',
        'TemplatesCallback',
        'TwilioConversationsCallback',
      ].map((what) => ({
        what,
        from: 'AWS::Lambda::Function',
        to: 'AWS::Lambda::Function with different Environment',
      })),
    ]);
  });

  test('name added, removed and changed resources', () => {
    const without = {
      ...TEMPLATE,
      Resources: Object.fromEntries(
        Object.entries(TEMPLATE.Resources).filter(([id]) => !id.startsWith('CrmCallbackLogs')),
      ),
    };

    expect(templateDifferences(TEMPLATE, without)).toEqual([
      { what: 'CrmCallbackLogs', from: 'AWS::Logs::LogGroup', to: null },
    ]);
    expect(templateDifferences(without, TEMPLATE)).toEqual([
      { what: 'CrmCallbackLogs', from: null, to: 'AWS::Logs::LogGroup' },
    ]);
    expect(templateDifferences(TEMPLATE, changed(/^CrmCallbackLogs/, { RetentionInDays: 90 }))).toEqual([
      {
        what: 'CrmCallbackLogs',
        from: 'AWS::Logs::LogGroup',
        to: 'AWS::Logs::LogGroup with different RetentionInDays',
      },
    ]);
    expect(templateDifferences(TEMPLATE, { ...TEMPLATE, Outputs: {} })).toEqual([
      { what: 'Outputs', from: 'as deployed', to: 'as in this folder' },
    ]);
  });

  test('are empty for CDK metadata, and for non-ASCII characters that CloudFormation replaces with "?"', () => {
    const withMetadata = {
      ...changed(/^CrmCallbackLogs/, { Note: 'Für Zoë 🎉' }),
      Conditions: { CDKMetadataAvailable: { 'Fn::Equals': [1, 1] } },
    };
    const spoken = {
      ...withMetadata,
      Resources: {
        ...withMetadata.Resources,
        CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2' }, Metadata: {} },
      },
    };

    expect(templateDifferences(changed(/^CrmCallbackLogs/, { Note: 'F?r Zo? ?' }), spoken)).toEqual([]);
  });
});

test('a template of another service is rejected', () => {
  expect(() => parseTemplate('Resources: {}', 'What was deployed')).toThrow(
    /^What was deployed is not a template/,
  );
});

describe('the state of a stack', () => {
  test.each([
    ['CREATE_COMPLETE', 'ready'],
    ['UPDATE_COMPLETE', 'ready'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ready'],
    ['IMPORT_ROLLBACK_COMPLETE', 'ready'],
    ['CREATE_IN_PROGRESS', 'in-progress'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'in-progress'],
    ['DELETE_IN_PROGRESS', 'in-progress'],
    ['ROLLBACK_COMPLETE', 'creation-failed'],
    ['ROLLBACK_FAILED', 'creation-failed'],
    ['DELETE_FAILED', 'delete-failed'],
    ['CREATE_FAILED', 'stuck'],
    ['UPDATE_FAILED', 'stuck'],
    ['UPDATE_ROLLBACK_FAILED', 'stuck'],
  ])('%s is %s', (status, state) => {
    expect(stateOf(status)).toBe(state);
  });
});

import { describe, expect, test } from '@jest/globals';
import { webhookKey } from '../../lambdas/replica/keys';
import { MINIMAL, type Resource, resources, serviceFunctions, statementsOf, synthesise } from './synthesis';

const template = synthesise(MINIMAL);
const functions = serviceFunctions(template);

describe('permissions', () => {
  /** The subject of a statement, in words: `sync`, `replica`, `replica by-owner`. */
  const nameOf = (resource: unknown): string => {
    const text = JSON.stringify(resource);
    if (text.includes(':function:FrontlineAirtable-sync"')) return 'sync';
    const [, index = ''] = /\/index\/([a-z-]+)/.exec(text) ?? [];
    const [, id = text] = /"([A-Za-z]+?)[0-9A-F]{8}"/.exec(text) ?? [];
    const names: Readonly<Record<string, string>> = {
      TablesReplica: 'replica',
      TablesOptOuts: 'opt-outs',
      SyncFunction: 'sync',
      CredentialsSecret: 'credentials',
    };
    return `${names[id] ?? id} ${index}`.trim();
  };
  const permissionsOf = (found: Resource) =>
    statementsOf(template, found)
      .flatMap(({ Effect, Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) => [Resource].flat().map((on) => `${Effect} ${action} ${nameOf(on)}`)),
      )
      .sort();
  const allow = (actions: string, on: string) => actions.split(' ').map((each) => `Allow ${each} ${on}`);
  const onTable = (actions: string, table: string, index?: string) => [
    ...allow(actions.replace(/\w+/g, 'dynamodb:$&'), table),
    ...(index === undefined ? [] : allow('dynamodb:Query', `${table} ${index}`)),
  ];
  const credentials = allow('secretsmanager:GetSecretValue', 'credentials');
  const startSync = allow('lambda:InvokeFunction', 'sync');
  const READ = 'GetItem BatchGetItem Query';

  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    crm: [
      ...credentials,
      ...onTable(`${READ} PutItem UpdateItem DeleteItem BatchWriteItem`, 'replica', 'by-owner'),
      ...onTable(`${READ} PutItem`, 'opt-outs'),
      ...startSync,
    ],
    'outgoing-conversation': credentials,
    routing: [...credentials, ...onTable(READ, 'replica'), ...startSync],
    templates: [...credentials, ...onTable(READ, 'replica'), ...startSync],
    'twilio-conversations': [
      ...credentials,
      ...onTable(READ, 'replica'),
      ...onTable('Query PutItem', 'opt-outs'),
      ...startSync,
    ],
    'airtable-webhook': [...onTable('GetItem', 'replica'), ...startSync],
    sync: [
      ...credentials,
      ...onTable(`${READ} Scan PutItem UpdateItem DeleteItem BatchWriteItem`, 'replica'),
      ...onTable(`${READ} Scan PutItem UpdateItem DeleteItem`, 'opt-outs', 'pending'),
      ...startSync,
    ],
  };

  test.each(Object.entries(functions))(
    '%s may write to its own log group and do its task, and nothing else',
    (name, found) => {
      const logGroup = nameOf(Object(found.properties['LoggingConfig']).LogGroup);
      const log = allow('logs:CreateLogStream logs:PutLogEvents', logGroup);

      expect(permissionsOf(found)).toEqual([...log, ...(ALLOWED[name] ?? [])].sort());
    },
  );

  test('of the function for notifications are limited to the webhook’s own item', () => {
    const found = functions['airtable-webhook'] ?? { id: '', properties: {} };
    const onTables = statementsOf(template, found).filter(({ Action }) =>
      String(Action).includes('dynamodb:'),
    );

    expect(onTables.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [webhookKey('appWtRd1nZ7').pk] } },
    ]);
  });

  test('of the schedule are to invoke sync, which only this account’s schedules may use', () => {
    const [schedule] = resources(template, 'AWS::Scheduler::Schedule');
    const role = Object(schedule?.properties['Target']).RoleArn;
    const id = Object(role)['Fn::GetAtt'][0];
    const found = { id: '', properties: { Role: role } };

    expect(permissionsOf(found)).toEqual(startSync);
    expect(Object(template.Resources[id]?.Properties?.['AssumeRolePolicyDocument']).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('come from these policies alone: no role has a managed or an inline one', () => {
    const roles = resources(template, 'AWS::IAM::Role');

    expect(roles).toHaveLength(8);
    for (const { properties } of roles) expect(Object.keys(properties)).toEqual(['AssumeRolePolicyDocument']);
  });
});

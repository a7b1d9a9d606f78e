import { describe, expect, test } from '@jest/globals';
import { inboxFunctions, type Resource, resources, statementsOf, synthesiseInbox } from '../synthesis';

const template = synthesiseInbox();
const functions = inboxFunctions(template);

/** The subject of a statement, in words: `sync`, `replica`, `inbox by-activity`. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  if (text.includes(':function:FrontlineAirtable-sync"')) return 'sync';
  if (text.includes(':FrontlineAirtable-inbox-events"')) return 'events';
  const [, index = ''] = /\/index\/([a-z-]+)/.exec(text) ?? [];
  const [, connections] = /"\/live\/(POST|DELETE)\/@connections\/\*"/.exec(text) ?? [];
  if (connections !== undefined && text.includes('"Ref":"LiveApi')) return `connections ${connections}`;
  const names: readonly (readonly [string, string])[] = [
    ['InboxTable', 'inbox'],
    ['TablesReplica', 'replica'],
    ['TablesOptOuts', 'opt-outs'],
    ['CredentialsSecret', 'credentials'],
    ['FunctionLogs', 'its log'],
  ];
  const [, name = text] = names.find(([id]) => text.includes(id)) ?? [];
  return `${name} ${index}`.trim();
}

const permissionsOf = (found: Resource) =>
  statementsOf(template, found)
    .flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${Effect} ${action} ${nameOf(on)}`)),
    )
    .sort();

const allow = (actions: string, on: string) => actions.split(' ').map((each) => `Allow ${each} ${on}`);
const onTable = (actions: string, table: string, ...indexes: readonly string[]) => [
  ...allow(actions.replace(/\w+/g, 'dynamodb:$&'), table),
  ...indexes.flatMap((index) => allow('dynamodb:Query', `${table} ${index}`)),
];
const connections = (...uses: readonly string[]) =>
  uses.flatMap((use) => allow('execute-api:ManageConnections', `connections ${use}`));
const log = allow('logs:CreateLogStream logs:PutLogEvents', 'its log');
const credentials = allow('secretsmanager:GetSecretValue', 'credentials');
const startSync = allow('lambda:InvokeFunction', 'sync');
const CHANGE = 'PutItem UpdateItem DeleteItem';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'inbox-api': [
    ...credentials,
    ...onTable(
      `GetItem BatchGetItem Query ${CHANGE}`,
      'inbox',
      ...['by-activity', 'by-change', 'attention', 'by-address'],
    ),
    ...onTable(`GetItem BatchGetItem Query ${CHANGE} BatchWriteItem`, 'replica', 'by-owner'),
    ...onTable('Query', 'opt-outs'),
    ...allow('sqs:SendMessage', 'events'),
    ...connections('POST'),
    ...startSync,
  ],
  'inbox-events': [
    ...credentials,
    ...onTable(`GetItem BatchGetItem Query ${CHANGE}`, 'inbox', 'by-activity', 'attention'),
    ...onTable('GetItem BatchGetItem Query', 'replica'),
    ...allow('sqs:SendMessage sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes', 'events'),
    ...connections('POST', 'DELETE'),
    ...startSync,
  ],
  'inbox-live': [
    ...onTable('GetItem Query PutItem DeleteItem', 'inbox'),
    ...onTable(CHANGE, 'inbox').map((each) => each.replace('Allow', 'Deny')),
    ...connections('POST'),
  ],
};

describe('permissions', () => {
  test.each(Object.entries(functions))('of %s are its task, and nothing else', (name, found) => {
    expect(permissionsOf(found)).toEqual([...log, ...(ALLOWED[name] ?? [])].sort());
  });

  test('the function that anyone can call holds no credentials and knows no secret', () => {
    const { Variables } = Object(functions['inbox-live']?.properties['Environment']);

    expect(Object.keys(Variables)).not.toContain('CREDENTIALS_SECRET_ARN');
  });

  test('of the function that anyone can call let in no worker: it writes tickets and connections only', () => {
    const live = functions['inbox-live'];
    const denied = live === undefined ? [] : statementsOf(template, live);

    expect(denied.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) => Condition)).toEqual([
      { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['ticket#*', 'connection#*', 'worker#*'] } },
    ]);
  });

  test('of the schedule are to put an event on the queue, which only this account’s schedules may use', () => {
    const [schedule] = resources(template, 'AWS::Scheduler::Schedule');
    const role = Object(schedule?.properties['Target']).RoleArn;
    const id = Object(role)['Fn::GetAtt'][0];

    expect(permissionsOf({ id: '', properties: { Role: role } })).toEqual(allow('sqs:SendMessage', 'events'));
    expect(Object(template.Resources[id]?.Properties?.['AssumeRolePolicyDocument']).Statement).toMatchObject([
      { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
    ]);
  });

  test('come from these policies alone: no role has a managed or an inline one', () => {
    const roles = resources(template, 'AWS::IAM::Role');

    expect(roles).toHaveLength(4);
    for (const { properties } of roles) expect(Object.keys(properties)).toEqual(['AssumeRolePolicyDocument']);
  });

  test('to call a function have only the routes of the two APIs', () => {
    const permissions = resources(template, 'AWS::Lambda::Permission').map(({ properties }) => properties);

    expect(permissions).toHaveLength(6);
    for (const { Principal, SourceArn } of permissions) {
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(SourceArn)).toMatch(/\/api\/\{proxy\+\}"|\*\$(connect|disconnect|default)"/);
    }
  });
});

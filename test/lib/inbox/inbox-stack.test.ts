import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  inboxFunctions,
  MINIMAL,
  resources,
  serviceFunctions,
  statementsOf,
  synthesise,
  synthesiseInbox,
  WITH_INBOX,
} from '../synthesis';

const template = synthesiseInbox();
const service = synthesise(WITH_INBOX);
const functions = inboxFunctions(template);

const variablesOf = (found: { readonly properties: Readonly<Record<string, unknown>> } | undefined) =>
  Object(found?.properties['Environment']).Variables;
const queue = (name: string) =>
  resources(service, 'AWS::SQS::Queue').find(({ properties }) => properties['QueueName'] === name)
    ?.properties ?? {};

describe("the inbox's stack", () => {
  test('has the names that setup, the doctor and the app rely on', () => {
    expect(Object.keys(template.Outputs).sort()).toEqual([
      'DashboardUrl',
      'DistributionDomainName',
      'DistributionId',
      'InboxApiUrl',
      'InboxUrl',
      'LiveUrl',
      'SignInUrl',
      'SiteBucketName',
      'UserPoolClientId',
      'UserPoolId',
    ]);
    expect(Object.values(functions).map(({ id }) => id)).toEqual([
      expect.stringMatching(/^InboxApiFunction[0-9A-F]{8}$/),
      expect.stringMatching(/^InboxEventsFunction[0-9A-F]{8}$/),
      expect.stringMatching(/^InboxLiveFunction[0-9A-F]{8}$/),
    ]);
  });

  test('is referred to by nothing in the service', () => {
    expect(JSON.stringify(service)).not.toContain('FrontlineAirtableInbox');
    expect(JSON.stringify(service)).not.toContain('GetStackOutput');
  });

  test('reads only outputs that the service has', () => {
    const read = [...JSON.stringify(template).matchAll(/"OutputName":"(\w+)"/g)].map(([, name]) => name);

    expect(read.length).toBeGreaterThan(0);
    expect(Object.keys(service.Outputs)).toEqual(expect.arrayContaining([...new Set(read)]));
  });

  test('reads no output for a property whose change would replace a resource', () => {
    const withReferences = Object.values(template.Resources).filter((each) =>
      JSON.stringify(each.Properties ?? {}).includes('Fn::GetStackOutput'),
    );

    expect(new Set(withReferences.map(({ Type }) => Type))).toEqual(
      new Set([
        'AWS::CloudWatch::Alarm',
        'AWS::IAM::Policy',
        'AWS::Lambda::Function',
        'AWS::Logs::QueryDefinition',
      ]),
    );
  });

  test('leaves nothing behind when it is deleted', () => {
    for (const [id, { DeletionPolicy = 'Delete' }] of Object.entries(template.Resources)) {
      expect({ id, DeletionPolicy }).toEqual({ id, DeletionPolicy: 'Delete' });
    }
  });

  test('has no function besides the three, so nothing of CDK’s own runs in the account', () => {
    expect(resources(template, 'AWS::Lambda::Function').map(({ id }) => id)).toEqual(
      Object.values(functions).map(({ id }) => id),
    );
  });

  test('has a template that changes on purpose only: npm test -- -u accepts the change', () => {
    const stable = JSON.stringify(template)
      .replace(/[0-9a-f]{64}/g, 'ASSET')
      .replaceAll(process.cwd(), '.');

    expect(JSON.parse(stable)).toMatchSnapshot();
  });
});

describe('without INBOX', () => {
  const without = synthesise(MINIMAL);

  test('the service has the table and the queue, and no function that knows of them', () => {
    expect(Object.keys(without.Outputs)).toEqual(expect.arrayContaining(['InboxTableName', 'InboxQueueUrl']));
    for (const found of Object.values(serviceFunctions(without))) {
      expect(Object.keys(variablesOf(found))).not.toContain('INBOX_QUEUE_URL');
    }
    expect(JSON.stringify(resources(without, 'AWS::IAM::Policy'))).not.toContain('sqs:');
  });

  test('there is no second stack', () => {
    expect(() => synthesiseInbox(MINIMAL)).toThrow('There is no stack FrontlineAirtableInbox');
  });
});

describe("the inbox's table", () => {
  const table = Object.entries(service.Resources).find(([id]) => id.startsWith('InboxTable'))?.[1];

  test('is kept, protected and recoverable, under a fixed name and with tags by which setup finds it', () => {
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'FrontlineAirtable-Inbox',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        Tags: [
          { Key: 'frontline-airtable:base', Value: 'appWtRd1nZ7' },
          { Key: 'frontline-airtable:inbox', Value: 'FrontlineAirtable' },
        ],
      },
    });
  });

  test('can be one that an earlier stack left', () => {
    const environment = { ...WITH_INBOX, INBOX_TABLE_NAME: 'kept-inbox' };
    const tables = resources(synthesise(environment), 'AWS::DynamoDB::Table').map(({ id }) => id);

    expect(tables.filter((id) => id.startsWith('InboxTable'))).toEqual([]);
    const { 'inbox-api': api } = inboxFunctions(synthesiseInbox(environment));
    expect(variablesOf(api).INBOX_TABLE_NAME).toBe('kept-inbox');
  });
});

describe('the events', () => {
  test('wait on an encrypted queue that refuses plain HTTP, for six times as long as the function may take', () => {
    const seconds = Number(functions['inbox-events']?.properties['Timeout']);

    expect(queue('FrontlineAirtable-inbox-events')).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * seconds,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
    const policies = resources(service, 'AWS::SQS::QueuePolicy').map(({ properties }) =>
      JSON.stringify(properties['PolicyDocument']),
    );
    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(policy).toContain('"aws:SecureTransport":"false"');
  });

  test('that failed are kept for fourteen days', () => {
    expect(queue('FrontlineAirtable-inbox-events-failed')).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
    });
  });

  test('are handed over ten at once to two functions at most, and each fails by itself', () => {
    const [mapping] = resources(template, 'AWS::Lambda::EventSourceMapping');

    expect(mapping?.properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(JSON.stringify(mapping?.properties['EventSourceArn'])).toContain(
      ':FrontlineAirtable-inbox-events"',
    );
  });

  test('come from the functions that see what happened, which know the queue by its address', () => {
    const senders = Object.entries(serviceFunctions(service)).filter(([, found]) =>
      Object.keys(variablesOf(found)).includes('INBOX_QUEUE_URL'),
    );

    expect(senders.map(([name]) => name).sort()).toEqual(['crm', 'routing', 'sync', 'twilio-conversations']);
  });

  test('are what these functions may put on it, and the chats of a deleted customer what they may look for', () => {
    const may = (action: string, on: RegExp) =>
      Object.entries(serviceFunctions(service))
        .filter(([, found]) =>
          statementsOf(service, found).some(
            ({ Action, Resource }) => [Action].flat().includes(action) && on.test(JSON.stringify(Resource)),
          ),
        )
        .map(([name]) => name)
        .sort();

    expect(may('sqs:SendMessage', /:FrontlineAirtable-inbox-events"/)).toEqual([
      'crm',
      'routing',
      'sync',
      'twilio-conversations',
    ]);
    expect(may('dynamodb:Query', /InboxTable.*\/index\/by-address/)).toEqual(['crm', 'sync']);
  });

  test('name the chats of a deleted customer, which these functions find by one index and nothing else', () => {
    const found = Object.entries(serviceFunctions(service)).flatMap(([name, each]) =>
      statementsOf(service, each)
        .filter(({ Resource }) => JSON.stringify(Resource).includes('InboxTable'))
        .map(({ Action, Resource }) => [name, Action, /index\/[a-z-]+/.exec(JSON.stringify(Resource))?.[0]]),
    );

    expect(found.sort()).toEqual([
      ['crm', 'dynamodb:Query', 'index/by-address'],
      ['sync', 'dynamodb:Query', 'index/by-address'],
    ]);
  });

  test('include a sweep every five minutes', () => {
    const [schedule] = resources(template, 'AWS::Scheduler::Schedule');

    expect(schedule?.properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Input: '{"kind":"sweep"}' },
    });
    expect(JSON.stringify(schedule?.properties['Target'])).toContain(':FrontlineAirtable-inbox-events"');
  });
});

describe('the functions', () => {
  test.each(Object.entries(functions))(
    '%s runs on ARM64 and the Node runtime of .nvmrc, and reserves no concurrency',
    (_, { properties }) => {
      expect(properties['Architectures']).toEqual(['arm64']);
      expect(properties['Runtime']).toBe(`nodejs${readFileSync('.nvmrc', 'utf8').trim()}.x`);
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    },
  );

  test('have the time and the memory that they need', () => {
    const given = Object.entries(functions).map(([name, { properties }]) => [
      name,
      [properties['Timeout'], properties['MemorySize']],
    ]);

    expect(Object.fromEntries(given)).toEqual({
      'inbox-api': [16, 1_024],
      'inbox-events': [30, 512],
      'inbox-live': [6, 512],
    });
  });

  test('get the settings of the inbox, and the service’s', () => {
    const trial = synthesiseInbox({
      ...WITH_INBOX,
      ROUTING: 'service',
      TWILIO_MESSAGING_SERVICE_SID: `MG${'0'.repeat(32)}`,
      TWILIO_MEDIA_URL: 'http://127.0.0.1:5004',
      INBOX_CONNECTIONS_URL: 'http://127.0.0.1:4566/_aws/execute-api/{api}/live',
    });
    for (const found of Object.values(inboxFunctions(trial))) {
      expect(variablesOf(found)).toMatchObject({
        ...MINIMAL,
        ROUTING: 'service',
        TWILIO_MESSAGING_SERVICE_SID: `MG${'0'.repeat(32)}`,
        TWILIO_MEDIA_URL: 'http://127.0.0.1:5004',
      });
      expect(JSON.stringify(variablesOf(found).INBOX_CONNECTIONS_URL)).toMatch(
        /^\{"Fn::Join":\["",\["http:\/\/127\.0\.0\.1:4566\/_aws\/execute-api\/",\{"Ref":"LiveApi\w+"\},"\/live"\]\]\}$/,
      );
    }
  });

  test('write logs that are kept for thirty days', () => {
    const groups = resources(template, 'AWS::Logs::LogGroup');

    expect(groups).toHaveLength(4);
    for (const { properties } of groups) expect(properties['RetentionInDays']).toBe(30);
  });
});

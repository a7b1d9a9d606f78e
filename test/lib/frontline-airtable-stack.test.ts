import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { MINIMAL, resources, serviceFunctions, synthesise } from './synthesis';

const CALLBACKS = ['crm', 'outgoing-conversation', 'routing', 'templates', 'twilio-conversations'];

const template = synthesise(MINIMAL);
const functions = serviceFunctions(template);
const routed = Object.entries(functions).filter(([name]) => name !== 'sync');

const variablesOf = (environment: Parameters<typeof synthesise>[0]) => {
  const template = synthesise(environment);
  return resources(template, 'AWS::Lambda::Function').map(({ properties }) => {
    const { Variables } = Object(properties['Environment']);
    return Variables;
  });
};

const outputsOf = (environment: Parameters<typeof synthesise>[0]) => {
  const template = synthesise(environment);
  return Object.fromEntries(Object.entries(template.Outputs).map(([id, { Value }]) => [id, Value]));
};

describe('the API', () => {
  test('accepts a POST to each of the five callbacks and to the notifications of Airtable, and nothing else', () => {
    const routes = resources(template, 'AWS::ApiGatewayV2::Route').map(
      ({ properties }) => properties['RouteKey'],
    );

    expect(routes.sort()).toEqual([
      'POST /airtable/webhook',
      ...CALLBACKS.map((name) => `POST /callbacks/${name}`),
    ]);
  });

  test('has a function of its own behind every route', () => {
    expect(new Set(routed.map(([, { id }]) => id)).size).toBe(6);
    for (const name of CALLBACKS) expect(functions[name]?.properties['Description']).toContain(` ${name} `);
  });

  test('passes requests in payload format 2.0', () => {
    for (const { properties } of resources(template, 'AWS::ApiGatewayV2::Integration')) {
      expect(properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
  });

  test('may invoke each function for its own route only', () => {
    const permissions = resources(template, 'AWS::Lambda::Permission');

    expect(permissions).toHaveLength(6);
    for (const [name, { id }] of routed) {
      const [permission] = permissions.filter(({ properties }) =>
        JSON.stringify(properties['FunctionName']).includes(`"${id}"`),
      );
      expect(permission?.properties['Principal']).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(permission?.properties['SourceArn'])).toContain(
        name === 'airtable-webhook' ? '/airtable/webhook"' : `/callbacks/${name}"`,
      );
    }
  });

  test('throttles on the default stage, far above the traffic of any team', () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');

    expect(stage?.properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 },
    });
  });

  test('gives each route a limit of its own, so that a flood on one throttles no other', () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const ofCallback = { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 };

    expect(stage?.properties['RouteSettings']).toEqual({
      ...Object.fromEntries(CALLBACKS.map((name) => [`POST /callbacks/${name}`, ofCallback])),
      'POST /airtable/webhook': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });

  test('sets limits of routes only after the routes exist', () => {
    const stage = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');

    for (const { id } of resources(template, 'AWS::ApiGatewayV2::Route')) {
      expect(stage?.DependsOn).toContain(id);
    }
  });

  test("logs each request as one JSON object, without the request's content", () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const { Format } = Object(stage?.properties['AccessLogSettings']);
    const values = Object.values(JSON.parse(Format));

    expect(values).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']),
    );
    for (const value of values) expect(value).toMatch(/^\$context\.\w+(\.\w+)?$/);
    expect(Format).not.toMatch(/path|query|body|header|authorizer/i);
  });
});

describe('the functions', () => {
  test.each(Object.entries(functions))(
    '%s runs on ARM64 and the Node runtime of .nvmrc',
    (_, { properties }) => {
      expect(properties['Architectures']).toEqual(['arm64']);
      expect(properties['Runtime']).toBe(`nodejs${readFileSync('.nvmrc', 'utf8').trim()}.x`);
    },
  );

  test("are cut off a second after their own deadlines; sync has Lambda's maximum", () => {
    const seconds = Object.entries(functions).map(([name, { properties }]) => [name, properties['Timeout']]);

    expect(Object.fromEntries(seconds)).toEqual({
      crm: 6,
      'outgoing-conversation': 6,
      routing: 9,
      templates: 6,
      'twilio-conversations': 5,
      'airtable-webhook': 10,
      sync: 900,
    });
  });

  test('have the memory that their CPU needs', () => {
    const megabytes = Object.entries(functions).map(([name, { properties }]) => [
      name,
      properties['MemorySize'],
    ]);

    expect(Object.fromEntries(megabytes)).toEqual({
      ...Object.fromEntries(CALLBACKS.map((name) => [name, 1_024])),
      'airtable-webhook': 512,
      sync: 1_024,
    });
  });

  test('reserve none of the concurrency of the account', () => {
    for (const { properties } of Object.values(functions)) {
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('read stack traces through source maps', () => {
    for (const variables of variablesOf(MINIMAL)) {
      expect(variables['NODE_OPTIONS']).toBe('--enable-source-maps');
    }
  });

  test('get the configured variables, and no others', () => {
    for (const variables of variablesOf({
      ...MINIMAL,
      DEFAULT_WORKER: ' ana@example.com ',
      DEFAULT_COUNTRY: ' ',
    })) {
      expect(variables).toMatchObject({ ...MINIMAL, DEFAULT_WORKER: 'ana@example.com' });
      expect(Object.keys(variables)).not.toContain('DEFAULT_COUNTRY');
    }
  });

  test('reach Airtable and Twilio at the configured URLs, and AWS at its own', () => {
    const endpoints = {
      AIRTABLE_ENDPOINT_URL: 'http://127.0.0.1:5002',
      TWILIO_API_URL: 'http://127.0.0.1:5003',
    };

    for (const variables of variablesOf({
      ...MINIMAL,
      ...endpoints,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    })) {
      expect(variables).toMatchObject(endpoints);
      expect(Object.keys(variables)).not.toContain('AWS_ENDPOINT_URL');
    }
  });
});

describe('logs', () => {
  test('are kept thirty days in every group', () => {
    const groups = resources(template, 'AWS::Logs::LogGroup');

    expect(groups).toHaveLength(8);
    for (const { properties } of groups) expect(properties['RetentionInDays']).toBe(30);
  });

  test('of each function go to a group of its own', () => {
    const groups = Object.values(functions).map(({ properties }) =>
      JSON.stringify(properties['LoggingConfig']),
    );

    expect(new Set(groups).size).toBe(7);
  });
});

describe('the credentials', () => {
  test('are one secret that the template leaves empty', () => {
    const secrets = resources(template, 'AWS::SecretsManager::Secret');

    expect(secrets.map(({ properties }) => Object.keys(properties))).toEqual([['Description']]);
  });

  test('are found through the environment by every function but the one for notifications', () => {
    const [secret] = resources(template, 'AWS::SecretsManager::Secret');
    const arn = { 'Fn::GetAtt': [secret?.id, 'Id'] };

    for (const [name, { properties }] of Object.entries(functions)) {
      const { Variables } = Object(properties['Environment']);
      expect(Variables['CREDENTIALS_SECRET_ARN']).toEqual(name === 'airtable-webhook' ? undefined : arn);
    }
  });

  test('are deleted with the stack, and outlive a replacement', () => {
    const secret = Object.values(template.Resources).find(
      ({ Type }) => Type === 'AWS::SecretsManager::Secret',
    );

    expect(secret).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Retain',
    });
  });
});

test('only the opt-outs and the table of the inbox are left behind when the stack is destroyed', () => {
  const kept = Object.entries(template.Resources).filter(
    ([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete',
  );

  expect(kept.map(([id]) => id)).toEqual([
    expect.stringMatching(/^TablesOptOuts/),
    expect.stringMatching(/^InboxTable/),
  ]);
});

test('its whole template changes on purpose only: npm test -- -u accepts the change', () => {
  const stable = JSON.stringify(template)
    .replace(/[0-9a-f]{64}/g, 'ASSET')
    .replaceAll(process.cwd(), '.');

  expect(JSON.parse(stable)).toMatchSnapshot();
});

describe('the outputs', () => {
  test('are the addresses of the API and its callbacks, the secret to fill, the tables, and the dashboard', () => {
    const [api] = resources(template, 'AWS::ApiGatewayV2::Api');
    const [secret] = resources(template, 'AWS::SecretsManager::Secret');
    const [topic] = resources(template, 'AWS::SNS::Topic');
    const apiUrl = { 'Fn::GetAtt': [api?.id, 'ApiEndpoint'] };
    const callbackUrl = (name: string) => ({ 'Fn::Join': ['', [apiUrl, `/callbacks/${name}`]] });

    expect(outputsOf(MINIMAL)).toEqual({
      ApiUrl: apiUrl,
      AlarmTopicArn: { Ref: topic?.id },
      CredentialsSecretArn: { 'Fn::GetAtt': [secret?.id, 'Id'] },
      DashboardUrl: expect.anything(),
      ReplicaTableName: { Ref: expect.stringMatching(/^TablesReplica/) },
      OptOutTableName: { Ref: expect.stringMatching(/^TablesOptOuts/) },
      InboxTableName: { Ref: expect.stringMatching(/^InboxTable/) },
      InboxQueueUrl: { Ref: expect.stringMatching(/^InboxEvents/) },
      SyncFunctionName: { Ref: expect.stringMatching(/^SyncFunction/) },
      CrmCallbackUrl: callbackUrl('crm'),
      OutgoingConversationCallbackUrl: callbackUrl('outgoing-conversation'),
      RoutingCallbackUrl: callbackUrl('routing'),
      TemplatesCallbackUrl: callbackUrl('templates'),
      TwilioConversationsCallbackUrl: callbackUrl('twilio-conversations'),
    });
  });

  test('name the callbacks by the public URL if there is one', () => {
    const outputs = outputsOf({ ...MINIMAL, PUBLIC_BASE_URL: 'https://frontline.example.com/chat/' });

    expect(outputs).toMatchObject({
      CrmCallbackUrl: 'https://frontline.example.com/chat/callbacks/crm',
      TwilioConversationsCallbackUrl: 'https://frontline.example.com/chat/callbacks/twilio-conversations',
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { MINIMAL, resources, serviceFunctions, synthesise } from './synthesis';

const template = synthesise(MINIMAL);
const functions = serviceFunctions(template);

describe('sync', () => {
  const variables = (environment: Parameters<typeof synthesise>[0]) =>
    Object.fromEntries(
      Object.entries(functionsOf(environment)).map(([name, { properties }]) => [
        name,
        Object(properties['Environment']).Variables,
      ]),
    );
  const functionsOf = (environment: Parameters<typeof synthesise>[0]) => {
    const template = synthesise(environment);
    return serviceFunctions(template);
  };
  const scheduleOf = (environment: Parameters<typeof synthesise>[0]) => {
    const template = synthesise(environment);
    const [schedule] = resources(template, 'AWS::Scheduler::Schedule');
    return schedule?.properties;
  };

  test.each([
    [undefined, 'rate(5 minutes)'],
    ['1', 'rate(1 minute)'],
    ['60', 'rate(1 hour)'],
  ])('runs by a schedule: SYNC_MINUTES=%s', (SYNC_MINUTES, ScheduleExpression) => {
    expect(scheduleOf({ ...MINIMAL, SYNC_MINUTES })).toMatchObject({
      ScheduleExpression,
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [functions['sync']?.id, 'Arn'] },
        Input: '{"run":"schedule"}',
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      },
    });
  });

  test('is not retried by Lambda, because the next run does the rest', () => {
    const configurations = resources(template, 'AWS::Lambda::EventInvokeConfig');

    expect(configurations.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        FunctionName: { Ref: functions['sync']?.id },
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 300,
      }),
    ]);
  });

  test('has its name passed to the functions that may start it', () => {
    const knowing = Object.entries(variables(MINIMAL))
      .filter(([, { SYNC_FUNCTION_NAME }]) => SYNC_FUNCTION_NAME !== undefined)
      .map(([name]) => name);

    expect(knowing.sort()).toEqual([
      'airtable-webhook',
      'crm',
      'routing',
      'sync',
      'templates',
      'twilio-conversations',
    ]);
  });

  test('passes Airtable the address of the API, or the public one', () => {
    const [api] = resources(template, 'AWS::ApiGatewayV2::Api');
    const urlOf = (environment: Parameters<typeof synthesise>[0]) =>
      variables(environment)['sync'].AIRTABLE_WEBHOOK_URL;

    expect(urlOf(MINIMAL)).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [api?.id, 'ApiEndpoint'] }, '/airtable/webhook']],
    });
    expect(urlOf({ ...MINIMAL, PUBLIC_BASE_URL: 'https://frontline.example.com/chat/' })).toBe(
      'https://frontline.example.com/chat/airtable/webhook',
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  callbackFunctions,
  MINIMAL,
  type Resource,
  resources,
  synthesise,
  synthesiseInbox,
} from './synthesis';

const template = synthesise({ ...MINIMAL, ALARM_EMAIL: 'team@example.com' });

const alarms = resources(template, 'AWS::CloudWatch::Alarm');
const [topic] = resources(template, 'AWS::SNS::Topic');
const [api] = resources(template, 'AWS::ApiGatewayV2::Api');

function alarmNamed(name: string): Resource['properties'] {
  const found = alarms.find(({ properties }) => properties['AlarmName'] === `FrontlineAirtable-${name}`);
  if (found === undefined) throw new Error(`There is no alarm ${name}`);
  return found.properties;
}

const apiWide = [{ Name: 'ApiId', Value: { Ref: api?.id } }];
const serviceWide = [{ Name: 'service', Value: 'frontline-airtable' }];
const inThreeMinutesOfAnHour = { Period: 60, EvaluationPeriods: 60, DatapointsToAlarm: 3 };
const withinFiveMinutes = { Period: 300, EvaluationPeriods: 1, Statistic: 'Sum' };

describe('an alarm rings', () => {
  test('when more than 5 % of the callbacks fail in three minutes of an hour, including crashes and time-outs', () => {
    expect(alarmNamed('callbacks-fail')).toMatchObject({
      ...inThreeMinutesOfAnHour,
      Namespace: 'FrontlineAirtable',
      MetricName: 'FailedRequests',
      Statistic: 'Average',
      Threshold: 0.05,
    });
  });

  test('when the slowest responses take longer than 4 s in three minutes of an hour', () => {
    expect(alarmNamed('callbacks-slow')).toMatchObject({
      ...inThreeMinutesOfAnHour,
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Latency',
      Dimensions: apiWide,
      ExtendedStatistic: 'p99',
      Threshold: 4_000,
    });
  });

  test.each(Object.entries(callbackFunctions(template)))(
    'when Lambda throttles a single request to %s',
    (name, { id }) => {
      expect(alarmNamed(`${name}-throttled`)).toMatchObject({
        ...withinFiveMinutes,
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
        Threshold: 0,
      });
    },
  );

  test('when the API throttles a single request', () => {
    expect(alarmNamed('api-throttled')).toMatchObject({
      ...withinFiveMinutes,
      Namespace: 'FrontlineAirtable',
      MetricName: 'ThrottledRequests',
      Threshold: 0,
    });
  });

  test.each([
    ['more than ten signatures are invalid', 'signatures-refused', 'RefusedSignatures', 10],
    ['Airtable returns 429 more than ten times', 'airtable-limits-rate', 'AirtableRateLimited', 10],
    ['a single conversation gets no worker', 'conversation-without-worker', 'ConversationsWithoutWorker', 0],
    [
      'a column is missing that opt-outs or numbers are in',
      'required-columns-missing',
      'RequiredColumnsMissing',
      0,
    ],
    ['a full pass repairs a single customer', 'replica-repairs', 'ReplicaRepairs', 0],
    ['a single STOP could not be recorded', 'opt-out-not-kept', 'OptOutsNotKept', 0],
    ['a number that no customer has sends STOP', 'opt-out-without-customer', 'OptOutsWithoutCustomer', 0],
    [
      'WhatsApp rejects a message outside its window',
      'whatsapp-template-rejected',
      'MessagesOutsideWindow',
      0,
    ],
  ])('when %s within five minutes', (_what, name, MetricName, Threshold) => {
    expect(alarmNamed(name)).toMatchObject({
      ...withinFiveMinutes,
      Namespace: 'FrontlineAirtable',
      MetricName,
      Dimensions: serviceWide,
      Threshold,
    });
  });
});

describe('the replica is stale', () => {
  const staleWith = (SYNC_MINUTES: string) => {
    const template = synthesise({ ...MINIMAL, SYNC_MINUTES });
    const named = resources(template, 'AWS::CloudWatch::Alarm').find(
      ({ properties }) => properties['AlarmName'] === 'FrontlineAirtable-replica-stale',
    );
    return named?.properties;
  };

  test.each([
    ['1', { Period: 300, EvaluationPeriods: 6, DatapointsToAlarm: 6, Threshold: 60 }],
    ['5', { Period: 300, EvaluationPeriods: 6, DatapointsToAlarm: 6, Threshold: 300 }],
    ['10', { Period: 600, EvaluationPeriods: 3, DatapointsToAlarm: 3, Threshold: 600 }],
    ['60', { Period: 3_600, EvaluationPeriods: 3, DatapointsToAlarm: 3, Threshold: 3_600 }],
  ])('when no run was in time for half an hour, or for three runs: SYNC_MINUTES=%s', (minutes, expected) => {
    expect(staleWith(minutes)).toMatchObject({
      ...expected,
      MetricName: 'ReplicaAgeSeconds',
      Statistic: 'Maximum',
      Dimensions: serviceWide,
    });
  });

  test('also when nothing was published, because then no run began', () => {
    expect(alarmNamed('replica-stale')['TreatMissingData']).toBe('breaching');
  });
});

describe('of the opt-outs and the runs, an alarm rings', () => {
  test('when an opt-out has waited for an hour to be ticked in Airtable', () => {
    expect(alarmNamed('opt-out-waits')).toMatchObject({
      ...withinFiveMinutes,
      Statistic: 'Maximum',
      MetricName: 'WaitingOptOutSeconds',
      Threshold: 3_600,
    });
  });

  test('when more than two runs fail within an hour', () => {
    expect(alarmNamed('sync-fails')).toMatchObject({
      Period: 3_600,
      EvaluationPeriods: 1,
      Statistic: 'Sum',
      MetricName: 'SyncFailures',
      Threshold: 2,
    });
  });
});

describe('of the access log', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter').map(({ properties }) => properties);

  test('every Twilio request counts as failed or not failed, so that the average is the share of failures', () => {
    expect(valuesOf('FailedRequests')).toEqual({
      '{ ($.status = "5*") && ($.route = "POST /callbacks/*") }': '1',
      '{ ($.status != "5*") && ($.route = "POST /callbacks/*") }': '0',
    });
  });

  test('throttled requests are counted', () => {
    expect(valuesOf('ThrottledRequests')).toEqual({ '{ $.status = "429" }': '1' });
  });

  test("the filters match the API's lines, which have the status as a text", () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const { DestinationArn, Format } = Object(stage?.properties['AccessLogSettings']);

    expect(JSON.parse(Format)).toMatchObject({ status: '$context.status' });
    expect(filters).toHaveLength(3);
    for (const { LogGroupName } of filters) {
      expect(DestinationArn).toEqual({ 'Fn::GetAtt': [Object(LogGroupName).Ref, 'Arn'] });
    }
  });

  /** The value that a metric gets for a line, by the pattern that the line has. */
  function valuesOf(metricName: string): Record<string, unknown> {
    return Object.fromEntries(
      filters.flatMap(({ FilterPattern, MetricTransformations }) => {
        const [{ MetricNamespace, MetricName, MetricValue }] = Object(MetricTransformations);
        const isAsked = MetricNamespace === 'FrontlineAirtable' && MetricName === metricName;
        return isAsked ? [[FilterPattern, MetricValue]] : [];
      }),
    );
  }
});

describe('every alarm', () => {
  test('is one of nineteen, because each costs money', () => {
    expect(alarms).toHaveLength(19);
  });

  test.each(alarms.map(({ properties }) => [String(properties['AlarmName']), properties] as const))(
    '%s notifies the topic when it rings and when it is over, and is silent without traffic',
    (_, properties) => {
      expect(properties).toMatchObject({
        AlarmActions: [{ Ref: topic?.id }],
        OKActions: [{ Ref: topic?.id }],
        TreatMissingData: String(properties['AlarmName']).endsWith('replica-stale')
          ? 'breaching'
          : 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
    },
  );

  test.each(alarms.map(({ properties }) => [String(properties['AlarmName']), properties] as const))(
    '%s explains its meaning and where to look next',
    (_, { AlarmDescription }) => {
      expect(AlarmDescription).toMatch(
        /npx frontline (doctor|logs|opt-outs)|dashboard|saved query|access log|Service Quotas/,
      );
      expect(String(AlarmDescription).length).toBeLessThan(1_024);
    },
  );
});

test('the alarms of both stacks link a heading of the runbook, which has no other', () => {
  const headings = readFileSync('docs/runbook.md', 'utf8').matchAll(/^### (.+)$/gm);
  const linked = [...alarms, ...resources(synthesiseInbox(), 'AWS::CloudWatch::Alarm')].map(
    ({ properties }) => String(properties['AlarmDescription']).replace(/^.* Runbook: docs\/runbook\.md#/, ''),
  );

  expect([...new Set(linked)].sort()).toEqual([...headings].map(([, heading]) => heading).sort());
});

describe('the topic of alarms', () => {
  const subscriptionsWith = (environment: Parameters<typeof synthesise>[0]) => {
    const template = synthesise(environment);
    return resources(template, 'AWS::SNS::Subscription').map(({ properties }) => properties);
  };

  test('notifies ALARM_EMAIL', () => {
    expect(subscriptionsWith({ ...MINIMAL, ALARM_EMAIL: 'team@example.com' })).toEqual([
      { Protocol: 'email', Endpoint: 'team@example.com', TopicArn: { Ref: topic?.id } },
    ]);
  });

  test('notifies no address if none is set', () => {
    expect(subscriptionsWith(MINIMAL)).toEqual([]);
  });

  test("accepts only this account's alarms, and nothing without TLS", () => {
    const [policy] = resources(template, 'AWS::SNS::TopicPolicy');

    expect(Object(policy?.properties['PolicyDocument']).Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });
});

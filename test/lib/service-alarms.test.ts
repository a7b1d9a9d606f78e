import { afterAll, describe, expect, test } from '@jest/globals';
import { callbackFunctions, MINIMAL, type Resource, resources, synthesise } from './synthesis';

const { template, remove } = synthesise({ ...MINIMAL, ALARM_EMAIL: 'team@example.com' });
afterAll(remove);

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
  test('when more than 5 % of the callbacks fail in three minutes of an hour, crashes and time-outs among them', () => {
    expect(alarmNamed('callbacks-fail')).toMatchObject({
      ...inThreeMinutesOfAnHour,
      Namespace: 'FrontlineAirtable',
      MetricName: 'FailedRequests',
      Statistic: 'Average',
      Threshold: 0.05,
    });
  });

  test('when the slowest answers take longer than 4 s in three minutes of an hour', () => {
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
    'when Lambda turns away a single request to %s',
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

  test('when the throttle of the API turns away a single request', () => {
    expect(alarmNamed('api-throttled')).toMatchObject({
      ...withinFiveMinutes,
      Namespace: 'FrontlineAirtable',
      MetricName: 'ThrottledRequests',
      Threshold: 0,
    });
  });

  test.each([
    ['more than ten signatures are refused', 'signatures-refused', 'RefusedSignatures', 10],
    ['Airtable answers 429 more than ten times', 'airtable-limits-rate', 'AirtableRateLimited', 10],
    ['a single conversation gets no worker', 'conversation-without-worker', 'ConversationsWithoutWorker', 0],
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

describe('of the access log', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter').map(({ properties }) => properties);

  test('every request counts as one that failed or one that did not, so that the average is the share of failures', () => {
    expect(valuesOf('FailedRequests')).toEqual({ '{ $.status = "5*" }': '1', '{ $.status != "5*" }': '0' });
  });

  test('what the throttle turned away is counted', () => {
    expect(valuesOf('ThrottledRequests')).toEqual({ '{ $.status = "429" }': '1' });
  });

  test('that is read which the API writes, with the status in it as a text', () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const { DestinationArn, Format } = Object(stage?.properties['AccessLogSettings']);

    expect(JSON.parse(Format)).toMatchObject({ status: '$context.status' });
    expect(filters).toHaveLength(3);
    for (const { LogGroupName } of filters) {
      expect(DestinationArn).toEqual({ 'Fn::GetAtt': [Object(LogGroupName).Ref, 'Arn'] });
    }
  });

  /** What a metric gets for a line, by the pattern that the line has. */
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
  test('is one of eleven, for each is paid for', () => {
    expect(alarms).toHaveLength(11);
  });

  test.each(alarms.map(({ properties }) => [String(properties['AlarmName']), properties] as const))(
    '%s tells the topic when it rings and when it is over, and is silent while nobody writes',
    (_, properties) => {
      expect(properties).toMatchObject({
        AlarmActions: [{ Ref: topic?.id }],
        OKActions: [{ Ref: topic?.id }],
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
    },
  );

  test.each(alarms.map(({ properties }) => [String(properties['AlarmName']), properties] as const))(
    '%s says what it means and where to look next',
    (_, { AlarmDescription }) => {
      expect(AlarmDescription).toMatch(
        /npm run (doctor|logs)|README|dashboard|saved query|access log|Service Quotas/,
      );
      expect(String(AlarmDescription).length).toBeLessThan(1_024);
    },
  );
});

describe('the topic of alarms', () => {
  const subscriptionsWith = (environment: Parameters<typeof synthesise>[0]) => {
    const synthesis = synthesise(environment);
    synthesis.remove();
    return resources(synthesis.template, 'AWS::SNS::Subscription').map(({ properties }) => properties);
  };

  test('writes to ALARM_EMAIL', () => {
    expect(subscriptionsWith({ ...MINIMAL, ALARM_EMAIL: 'team@example.com' })).toEqual([
      { Protocol: 'email', Endpoint: 'team@example.com', TopicArn: { Ref: topic?.id } },
    ]);
  });

  test('writes to nobody where nobody is named', () => {
    expect(subscriptionsWith(MINIMAL)).toEqual([]);
  });

  test("takes what this account's alarms say, and nothing without TLS", () => {
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

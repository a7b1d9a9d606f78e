import { describe, expect, test } from '@jest/globals';
import { INBOX_LOG_QUERIES } from '../../../lib/inbox/inbox-log-queries';
import { resources, synthesiseInbox, WITH_INBOX } from '../synthesis';

const template = synthesiseInbox();
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const [dashboard] = resources(template, 'AWS::CloudWatch::Dashboard');
const body = JSON.stringify(dashboard?.properties['DashboardBody']);
const service = [{ Name: 'service', Value: 'frontline-airtable' }];
const queue = (Value: string) => [{ Name: 'QueueName', Value }];

describe('an alarm rings', () => {
  test.each([
    [
      'inbox-api-fails',
      'more than 5 % of the requests fail, in three minutes of an hour',
      { MetricName: 'InboxFailedRequests', Statistic: 'Average', Threshold: 0.05, DatapointsToAlarm: 3 },
    ],
    [
      'inbox-live-fails',
      'the live socket fails three times',
      { MetricName: 'LiveFailures', Statistic: 'Sum', Threshold: 2, Period: 300 },
    ],
    [
      'chat-without-worker',
      'a chat has no worker in three sweeps in a row, or no sweep runs',
      {
        MetricName: 'ChatsWithoutWorker',
        Dimensions: service,
        Statistic: 'Maximum',
        Threshold: 0,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 3,
        TreatMissingData: 'breaching',
      },
    ],
    [
      'inbox-events-lost',
      'a single event does not reach the queue',
      { MetricName: 'InboxEventsLost', Dimensions: service, Threshold: 0 },
    ],
    [
      'inbox-events-failed',
      'a single event is in the dead-letter queue',
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: queue('FrontlineAirtable-inbox-events-failed'),
        Threshold: 0,
      },
    ],
    [
      'inbox-events-late',
      'an event waits for more than ten minutes',
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: queue('FrontlineAirtable-inbox-events'),
        Threshold: 600,
      },
    ],
  ])('%s: when %s', (name, _when, expected) => {
    const found = alarms.find(({ AlarmName }) => AlarmName === `FrontlineAirtableInbox-${name}`);

    expect(found).toMatchObject(expected);
  });

  test('on the topic of the service, and says when it is over', () => {
    expect(alarms).toHaveLength(6);
    for (const { AlarmActions, OKActions, AlarmDescription } of alarms) {
      expect(JSON.stringify(AlarmActions)).toMatch(/^\[\{"Fn::GetStackOutput":.*AlarmsTopic/);
      expect(OKActions).toEqual(AlarmActions);
      expect(AlarmDescription).toMatch(/npx frontline|saved query/);
      expect(String(AlarmDescription).length).toBeLessThan(1_024);
    }
  });
});

describe('the failures', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter').map(({ properties }) => properties);
  const patternsOf = (name: string) =>
    filters
      .filter(({ MetricTransformations }) => Object(MetricTransformations)[0].MetricName === name)
      .map(({ FilterPattern }) => FilterPattern);

  test('of the API are a share of all lines of its access log', () => {
    expect(patternsOf('InboxFailedRequests')).toEqual(['{ $.status = "5*" }', '{ $.status != "5*" }']);
  });

  test('of the live socket are errors, time-outs and crashes, and no refused tickets', () => {
    expect(patternsOf('LiveFailures')).toEqual(['?"ERROR" ?"Task timed out" ?"Runtime exited"']);
  });
});

describe('the dashboard', () => {
  test('has its four questions, in this order', () => {
    expect([...body.matchAll(/## ([^"\\]+)/g)].map(([, question]) => question)).toEqual([
      'Does the inbox work?',
      'Do events arrive?',
      'Is it fast?',
      'Which requests are rejected?',
    ]);
  });

  test('shows every watched metric and every alarm', () => {
    for (const { MetricName } of alarms) expect(body).toContain(`\\"${MetricName}\\"`);
    for (const { id } of resources(template, 'AWS::CloudWatch::Alarm')) expect(body).toContain(id);
  });
});

describe('the saved queries', () => {
  const saved = resources(template, 'AWS::Logs::QueryDefinition').map(({ properties }) => properties);

  test('are saved under the name of the stack, and describe their results', () => {
    expect(saved.map(({ Name }) => Name).sort()).toEqual(
      INBOX_LOG_QUERIES.map(({ name }) => `FrontlineAirtableInbox/${name}`).sort(),
    );
    for (const { QueryString } of saved) expect(QueryString).toMatch(/^# .+\.\n[a-z]/);
  });

  test('find a conversation in the logs of the callbacks, too', () => {
    const found = saved.find(({ Name }) => String(Name).endsWith('one conversation'));

    expect(found?.['LogGroupNames']).toHaveLength(7);
  });

  test('are left out if the context says so', () => {
    const without = synthesiseInbox(WITH_INBOX, { savedQueries: false });

    expect(resources(without, 'AWS::Logs::QueryDefinition')).toEqual([]);
  });
});

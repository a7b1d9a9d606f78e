import { Duration } from 'aws-cdk-lib';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { SWEEP_MINUTES } from '../../lambdas/inbox/routing/sweep-interval';
import {
  ACCEPTED_FAILURES,
  type AlarmDefinition,
  createAlarm,
  DOCTOR_FINDS_CAUSE,
  IN_THREE_MINUTES_OF_AN_HOUR,
  LOGS_SHOW_ERRORS,
  type Periods,
  WITHIN_FIVE_MINUTES,
} from '../alarm-definition';
import { queueMetric, serviceMetric } from '../service-metrics';
import type { InboxApi } from './inbox-api';

/** An event is handled within seconds. This is longer than a repeated one waits for its next attempt. */
const OLDEST_EVENT_SECONDS = 600;
/** A failed connection is made again by itself; an outage causes one after the other. */
const LIVE_FAILURES = 2;

/**
 * A chat that is being given a worker during one sweep does not count. All three, because the values from before a new
 * stack's first sweep are missing.
 */
const IN_THREE_SWEEPS_IN_A_ROW: Periods = {
  period: Duration.minutes(SWEEP_MINUTES),
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
};

export interface InboxAlarmsProps {
  readonly api: InboxApi;
  readonly liveFailures: Metric;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** The topic that all alarms of the service notify. */
  readonly topic: ITopic;
}

/** The alarms of the inbox. They notify the same topic as the service's. */
export class InboxAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, ...watched }: InboxAlarmsProps) {
    super(scope, id);
    const definitions = [...requestAlarms(watched), ...eventAlarms(watched)];
    this.all = definitions.map((definition) => createAlarm(this, definition, topic));
  }
}

function requestAlarms({
  api,
  liveFailures,
}: Pick<InboxAlarmsProps, 'api' | 'liveFailures'>): AlarmDefinition[] {
  return [
    {
      name: 'inbox-api-fails',
      metric: api.failures.with({ statistic: 'Average' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: ACCEPTED_FAILURES,
      meaning: `More than 5 % of the requests of workers' browsers fail (5xx), because of the service, DynamoDB or Twilio: chats do not open, messages are not sent. ${LOGS_SHOW_ERRORS}, and ${DOCTOR_FINDS_CAUSE}.`,
    },
    {
      name: 'inbox-live-fails',
      metric: liveFailures,
      when: WITHIN_FIVE_MINUTES,
      atMost: LIVE_FAILURES,
      meaning: `The function behind the live socket fails: workers see new messages only when their browsers ask again, about every 20 seconds. ${LOGS_SHOW_ERRORS}, and ${DOCTOR_FINDS_CAUSE}.`,
    },
  ];
}

function eventAlarms({
  queueName,
  deadLetterQueueName,
}: Pick<InboxAlarmsProps, 'queueName' | 'deadLetterQueueName'>): AlarmDefinition[] {
  return [
    {
      name: 'chat-without-worker',
      metric: serviceMetric('chatsWithoutWorker').with({ statistic: 'Maximum' }),
      when: IN_THREE_SWEEPS_IN_A_ROW,
      atMost: 0,
      missing: 'bad',
      meaning:
        "A customer's open chat has had no active worker in three sweeps, so no worker sees its messages. Any worker can take it in the inbox, under Unassigned. `npx frontline inbox list` shows who is active and available, and `npx frontline logs --errors` why no worker was assigned. Without a value no sweep has run for 15 minutes: the schedule was switched off (EventBridge > Schedules), or inbox-events fails.",
    },
    {
      name: 'inbox-events-lost',
      metric: serviceMetric('inboxEventsLost'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning: `An event of Twilio did not reach the inbox's queue. The message itself is safe at Twilio. The next sweep finds the message if its chat is new; in a known chat the worker sees it only when the chat is opened. \`npx frontline logs --errors\` shows the conversation and the reason; if it repeats, ${DOCTOR_FINDS_CAUSE}.`,
    },
    {
      name: 'inbox-events-failed',
      metric: queueMetric(deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'An event failed five times and is in the dead-letter queue, so a chat in the inbox may lack its last change until it is opened. The saved query "events that failed" shows why. After the cause is repaired, SQS moves the events back (Start DLQ redrive); they are kept for 14 days.',
    },
    {
      name: 'inbox-events-late',
      metric: queueMetric(queueName, 'ApproximateAgeOfOldestMessage'),
      when: WITHIN_FIVE_MINUTES,
      atMost: OLDEST_EVENT_SECONDS,
      meaning:
        'Events of Twilio wait for more than ten minutes: workers see new messages late. The saved query "events that failed" shows whether they fail. Otherwise Lambda does not run inbox-events: see its throttles on the dashboard, or request a higher limit (Service Quotas > Lambda > Concurrent executions).',
    },
  ];
}

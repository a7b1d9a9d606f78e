import { Duration } from 'aws-cdk-lib';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  type AlarmDefinition,
  createAlarm,
  IN_THREE_MINUTES_OF_AN_HOUR,
  type Periods,
  WITHIN_FIVE_MINUTES,
} from '../alarm-definition';
import { queueMetric, serviceMetric } from '../service-metrics';
import type { InboxApi } from './inbox-api';

/** The share of requests that may fail. */
const FAILURES = 0.05;
/** An event is handled within seconds. This is longer than a repeated one waits for its next attempt. */
const OLDEST_EVENT_SECONDS = 600;
/** A failed connection is made again by itself; an outage causes one after the other. */
const LIVE_FAILURES = 2;

/** In two of three sweeps, so that a chat which is being given a worker during one does not count. */
const IN_TWO_OF_THREE_SWEEPS: Periods = {
  period: Duration.minutes(5),
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
};

const ERRORS = '`npx frontline logs --errors` shows them';
const DOCTOR = '`npx frontline doctor` looks for the cause';

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
    const definitions = [...requests(watched), ...events(watched)];
    this.all = definitions.map((definition) => createAlarm(this, definition, topic));
  }
}

function requests({ api, liveFailures }: Pick<InboxAlarmsProps, 'api' | 'liveFailures'>): AlarmDefinition[] {
  return [
    {
      name: 'inbox-api-fails',
      metric: api.failures.with({ statistic: 'Average' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: FAILURES,
      meaning: `More than 5 % of the requests of workers' browsers fail (5xx), because of the service, DynamoDB or Twilio: chats do not open, messages are not sent. ${ERRORS}, and ${DOCTOR}.`,
    },
    {
      name: 'inbox-live-fails',
      metric: liveFailures,
      when: WITHIN_FIVE_MINUTES,
      atMost: LIVE_FAILURES,
      meaning: `The function behind the live socket fails: workers see new messages only when their browsers ask again, which they do every half minute. ${ERRORS}, and ${DOCTOR}.`,
    },
  ];
}

function events({
  queueName,
  deadLetterQueueName,
}: Pick<InboxAlarmsProps, 'queueName' | 'deadLetterQueueName'>): AlarmDefinition[] {
  return [
    {
      name: 'chat-without-worker',
      metric: serviceMetric('chatsWithoutWorker').with({ statistic: 'Maximum' }),
      when: IN_TWO_OF_THREE_SWEEPS,
      atMost: 0,
      meaning:
        "A customer's open chat has no active worker, so no worker sees its messages. Any worker can take it in the inbox, under Unassigned. `npx frontline inbox list` shows who is active and available, and `npx frontline logs --errors` why no worker was assigned.",
    },
    {
      name: 'inbox-events-lost',
      metric: serviceMetric('inboxEventsLost'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        "An event of Twilio did not reach the inbox's queue. The message itself is safe at Twilio: the inbox shows it when the chat is opened, or after the next sweep. `npx frontline logs --errors` shows why; if it repeats, `npx frontline doctor` looks for the cause.",
    },
    {
      name: 'inbox-events-failed',
      metric: queueMetric(deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'An event failed five times and was set aside, so a chat in the inbox may lack its last change until it is opened. The saved query "events that failed" shows why. After the cause is repaired, SQS moves the events back (Start DLQ redrive); they are kept for 14 days.',
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

import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import type { CallbackApi } from './callback-api';
import type { CallbackFunction } from './callback-function';
import { serviceMetric } from './service-metrics';

export interface ServiceAlarmsProps {
  readonly api: CallbackApi;
  readonly callbacks: readonly CallbackFunction[];
  /** Who is written to; null for nobody but those who subscribe to the topic. */
  readonly email: string | null;
}

/**
 * Three minutes of the last five, and so at least three answers: a single one that fails or is slow, at night perhaps
 * the only one of its minute, wakes nobody. An outage is told of in its third minute.
 */
const IN_THREE_MINUTES_OF_FIVE = { period: Duration.minutes(1), evaluationPeriods: 5, datapointsToAlarm: 3 };
const WITHIN_FIVE_MINUTES = { period: Duration.minutes(5), evaluationPeriods: 1 };

/** The share of requests that may fail. */
const TOLERATED_FAILURES = 0.05;
/** A second before Conversations stops waiting, which is the least patient (Twilio contract 0). */
const SLOW_MS = 4_000;
/** More than a scanner or a mistyped trial brings; a wrong URL or token brings every request. */
const BURST_OF_REFUSALS = 10;
/** What half a minute's penalty brings, while few people are about (Airtable contract 4): a single 429 is bridged. */
const BURST_OF_429S = 10;

const ERRORS = '`npm run logs -- --errors` shows them';
const DOCTOR = '`npm run doctor` looks for the cause';

interface Watch extends Omit<CreateAlarmOptions, 'alarmName' | 'alarmDescription' | 'treatMissingData'> {
  readonly metric: Metric;
  readonly period: Duration;
  /** What it means that the alarm rings, and what to do next. */
  readonly meaning: string;
}

/**
 * What a person has to be told of. Each alarm watches one metric and calculates nothing: AWS asks as much for an alarm
 * over several metrics as for one over each, and MiniStack, which the deployment is tested on, takes none.
 */
export class ServiceAlarms extends Construct {
  readonly topic: AlarmTopic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { api, callbacks, email }: ServiceAlarmsProps) {
    super(scope, id);
    this.topic = new AlarmTopic(this, 'Topic', { email });
    this.all = [
      this.watch('callbacks-fail', {
        // API Gateway's count and not our own: a function that crashed or was cut off published nothing. For each
        // request it is 0 or 1, so that the average is the share that failed.
        metric: api.failures.with({ statistic: 'Average' }),
        ...IN_THREE_MINUTES_OF_FIVE,
        threshold: TOLERATED_FAILURES,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        meaning: `More than 5 % of the callbacks fail, by a fault of ours or of Airtable or Twilio: workers see empty lists, messages are held up. ${ERRORS}, and ${DOCTOR}.`,
      }),
      this.watch('callbacks-slow', {
        // API Gateway's, too: it is what Twilio waits for, cold starts and functions that were cut off included.
        metric: api.latency.with({ statistic: 'p99' }),
        ...IN_THREE_MINUTES_OF_FIVE,
        threshold: SLOW_MS,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        meaning:
          'The slowest answers take longer than 4 s; Twilio stops waiting at 5 s. The dashboard says whether Airtable is the bottleneck, the query "slowest callbacks" which questions are slow.',
      }),
      ...callbacks.map((callback) =>
        this.watch(`${callback.callback}-throttled`, {
          metric: callback.metricThrottles({ statistic: 'Sum' }),
          ...WITHIN_FIVE_MINUTES,
          threshold: 1,
          meaning: `Lambda turned requests to ${callback.callback} away, for as many functions ran at a time as the account may run: see which do, or ask AWS for more (Service Quotas > Lambda > Concurrent executions). New accounts may run ten.`,
        }),
      ),
      this.watch('api-throttled', {
        metric: api.throttled,
        ...WITHIN_FIVE_MINUTES,
        threshold: 1,
        meaning:
          "API Gateway answered 429: more requests came than the stage's throttle lets through, and Twilio refuses messages for that. The access log says from where they come.",
      }),
      this.watch('signatures-refused', {
        metric: serviceMetric('refusedSignatures'),
        ...WITHIN_FIVE_MINUTES,
        threshold: BURST_OF_REFUSALS,
        meaning: `Many requests are not provably Twilio's. Where they are Twilio's, the URL in the console is not exactly ours, or AUTH_TOKEN in the secret is old: ${DOCTOR}. Else somebody is trying the door, which is shut: the access log says from where.`,
      }),
      this.watch('airtable-limits-rate', {
        metric: serviceMetric('airtableRateLimited'),
        ...WITHIN_FIVE_MINUTES,
        threshold: BURST_OF_429S,
        meaning:
          'Airtable answers 429: the base gets more than five requests a second, from us or from other integrations, or the month\'s quota is used up. The query "Airtable trouble" says which; see Troubleshooting in the README.',
      }),
      this.watch('conversation-without-worker', {
        metric: serviceMetric('conversationsWithoutWorker'),
        ...WITHIN_FIVE_MINUTES,
        threshold: 1,
        meaning: `A customer's message reached nobody. Add a worker to the conversation in the Twilio console: \`npm run logs -- --errors\` shows which one it is and why nobody could be added, and ${DOCTOR}.`,
      }),
    ];
  }

  private watch(name: string, { metric, period, meaning, ...options }: Watch): Alarm {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...options,
      metric: metric.with({ period }),
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: meaning,
      // Nobody writes at night, and then there is nothing to be alarmed about.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    return alarm;
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
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

/** What an alarm watches, and what it says. */
interface Watch {
  readonly name: string;
  readonly metric: Metric;
  /** What may be reached and not exceeded. */
  readonly atMost: number;
  /** What it means that the alarm rings, and what to do next. */
  readonly meaning: string;
  readonly when: typeof IN_THREE_MINUTES_OF_AN_HOUR | typeof WITHIN_FIVE_MINUTES;
}

/**
 * Three minutes of the last sixty, and so at least three answers: a single one that fails or is slow, at night perhaps
 * the only one of its minute, wakes nobody. An outage is told of in its third minute with a request, which for a small
 * team are not three in a row; its end, when all but two of them are an hour ago.
 */
const IN_THREE_MINUTES_OF_AN_HOUR = {
  period: Duration.minutes(1),
  evaluationPeriods: 60,
  datapointsToAlarm: 3,
};
const WITHIN_FIVE_MINUTES = { period: Duration.minutes(5), evaluationPeriods: 1, datapointsToAlarm: 1 };

/** The share of requests that may fail. */
const FAILURES = 0.05;
/** A second before Conversations stops waiting, which is the least patient (Twilio contract 0). */
const SLOW_MS = 4_000;
/** More than a scanner or a mistyped trial brings; a wrong URL or token brings every request. */
const REFUSALS = 10;
/** What half a minute's penalty brings while few people are about (Airtable contract 4); a few 429s are bridged. */
const AIRTABLE_429S = 10;

const ERRORS = '`npm run logs -- --errors` shows them';
const DOCTOR = '`npm run doctor` looks for the cause';

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
    const watches = [...answers(api), ...callbacks.map(concurrency), throttle(api), ...outsiders()];
    this.all = watches.map((watch) => this.alarm(watch));
  }

  private alarm({ name, metric, when, atMost, meaning }: Watch): Alarm {
    const { period, ...periods } = when;
    const alarm = new Alarm(this, name, {
      metric: metric.with({ period }),
      ...periods,
      threshold: atMost,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Nobody writes at night, and then there is nothing to be alarmed about.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: meaning,
    });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    return alarm;
  }
}

/**
 * What Twilio gets, as API Gateway tells it and not the functions: one that crashed or was cut off publishes nothing, and
 * none knows how long its cold start took.
 */
function answers(api: CallbackApi): Watch[] {
  return [
    {
      name: 'callbacks-fail',
      metric: api.failures.with({ statistic: 'Average' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: FAILURES,
      meaning: `More than 5 % of the callbacks fail, by a fault of ours or of Airtable or Twilio: workers see empty lists, messages are held up. ${ERRORS}, and ${DOCTOR}.`,
    },
    {
      name: 'callbacks-slow',
      metric: api.latency.with({ statistic: 'p99' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: SLOW_MS,
      meaning:
        'The slowest answers take longer than 4 s; Twilio stops waiting at 5 s. The dashboard says whether Airtable is the bottleneck, the saved query "slowest callbacks" which questions are slow.',
    },
  ];
}

function concurrency(callback: CallbackFunction): Watch {
  return {
    name: `${callback.callback}-throttled`,
    metric: callback.metricThrottles({ statistic: 'Sum' }),
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning: `Lambda turned requests to ${callback.callback} away, for the account runs no more functions at a time; a new account runs ten. See which others run, or ask AWS for more (Service Quotas > Lambda > Concurrent executions).`,
  };
}

function throttle(api: CallbackApi): Watch {
  return {
    name: 'api-throttled',
    metric: api.throttled,
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning:
      "API Gateway answered 429: more requests came than the stage's throttle lets through, and Twilio refuses messages for that. The access log in CloudWatch says from where they come.",
  };
}

function outsiders(): Watch[] {
  return [
    {
      name: 'signatures-refused',
      metric: serviceMetric('refusedSignatures'),
      when: WITHIN_FIVE_MINUTES,
      atMost: REFUSALS,
      meaning: `Many requests are not provably Twilio's. Where they are Twilio's, the URL in its console is not exactly ours or AUTH_TOKEN in the secret is old: ${DOCTOR}. Else somebody tries the door, which is shut: the access log in CloudWatch says from where.`,
    },
    {
      name: 'airtable-limits-rate',
      metric: serviceMetric('airtableRateLimited'),
      when: WITHIN_FIVE_MINUTES,
      atMost: AIRTABLE_429S,
      meaning:
        'Airtable answers 429: the base gets more than five requests a second, from us or from other integrations, or the month\'s quota is used up. The saved query "Airtable trouble" says which; Troubleshooting in the README says what helps.',
    },
    {
      name: 'conversation-without-worker',
      metric: serviceMetric('conversationsWithoutWorker'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning: `A customer's message reached nobody. Add a worker to the conversation in the Twilio console: \`npm run logs -- --errors\` shows which one it is and why nobody could be added, and ${DOCTOR}.`,
    },
  ];
}

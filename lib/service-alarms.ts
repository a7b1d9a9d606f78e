import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import type { CallbackApi } from './callback-api';
import { replicaWatches } from './replica-alarms';
import type { ServiceFunction } from './service-function';
import { serviceMetric } from './service-metrics';
import { IN_THREE_MINUTES_OF_AN_HOUR, type Watch, WITHIN_FIVE_MINUTES } from './watch';

export interface ServiceAlarmsProps {
  readonly api: CallbackApi;
  readonly callbacks: readonly ServiceFunction[];
  /** Minutes between two runs of sync. */
  readonly syncMinutes: number;
  /** The e-mail address to notify; null to notify only the topic's subscribers. */
  readonly email: string | null;
}

/** The share of requests that may fail. */
const FAILURES = 0.05;
/** One second less than Conversations waits, whose timeout is the shortest (twilio.md#callbacks-and-timeouts). */
const SLOW_MS = 4_000;
/** More than a scanner or a mistyped trial causes; a wrong URL or token causes one per request. */
const REFUSALS = 10;
/** The 429s of half a minute's penalty at low traffic (airtable.md#rate-limits-and-quotas); a few 429s are bridged. */
const AIRTABLE_429S = 10;

const ERRORS = '`npm run logs -- --errors` shows them';
const DOCTOR = '`npm run doctor` looks for the cause';

/**
 * The alarms of the service. Each watches one metric and uses no metric math: AWS charges an alarm over several metrics
 * as one alarm for each, and MiniStack, on which the deployment is tested, does not support them.
 */
export class ServiceAlarms extends Construct {
  readonly topic: AlarmTopic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { api, callbacks, syncMinutes, email }: ServiceAlarmsProps) {
    super(scope, id);
    this.topic = new AlarmTopic(this, 'Topic', { email });
    const watches = [
      ...answers(api),
      ...callbacks.map(concurrency),
      throttle(api),
      ...outsiders(),
      ...replicaWatches(syncMinutes),
    ];
    this.all = watches.map((watch) => this.alarm(watch));
  }

  private alarm({ name, metric, when, atMost, meaning, missing = 'good' }: Watch): Alarm {
    const { period, ...periods } = when;
    const alarm = new Alarm(this, name, {
      metric: metric.with({ period }),
      ...periods,
      threshold: atMost,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: missing === 'bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
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
 * The responses as API Gateway measures them, not the functions: a function that crashed or was cut off publishes
 * nothing, and no function knows how long its cold start took.
 */
function answers(api: CallbackApi): Watch[] {
  return [
    {
      name: 'callbacks-fail',
      metric: api.failures.with({ statistic: 'Average' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: FAILURES,
      meaning: `More than 5 % of the callbacks fail, by a fault of the service, DynamoDB, Airtable or Twilio: workers see empty lists, messages are held up. ${ERRORS}, and ${DOCTOR}.`,
    },
    {
      name: 'callbacks-slow',
      metric: api.latency.with({ statistic: 'p99' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: SLOW_MS,
      meaning:
        'The slowest answers take longer than 4 s; Twilio stops waiting at 5 s. The saved query "slowest callbacks" shows which questions are slow and what they waited for.',
    },
  ];
}

function concurrency(callback: ServiceFunction): Watch {
  return {
    name: `${callback.serviceName}-throttled`,
    metric: callback.metricThrottles({ statistic: 'Sum' }),
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning: `Lambda turned requests to ${callback.serviceName} away, because the account runs no more functions at a time; a new account runs ten. See which others run, or ask AWS for more (Service Quotas > Lambda > Concurrent executions).`,
  };
}

function throttle(api: CallbackApi): Watch {
  return {
    name: 'api-throttled',
    metric: api.throttled,
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning:
      "API Gateway returned 429: more requests came to one route than its throttle lets through, 1,000 a second, and Twilio rejects messages because of that. That is a flood, not a team's traffic: the access log in CloudWatch shows the route and the addresses that the requests come from.",
  };
}

function outsiders(): Watch[] {
  return [
    {
      name: 'signatures-refused',
      metric: serviceMetric('refusedSignatures'),
      when: WITHIN_FIVE_MINUTES,
      atMost: REFUSALS,
      meaning: `Many requests are rejected, because nothing proves that they come from Twilio or Airtable. Where they are Twilio's, the URL in its console is not exactly ours or AUTH_TOKEN in the secret is old: ${DOCTOR}. Otherwise they are forged and have no effect: the saved query "refusals by reason" shows the route, the access log in CloudWatch the addresses.`,
    },
    {
      name: 'airtable-limits-rate',
      metric: serviceMetric('airtableRateLimited'),
      when: WITHIN_FIVE_MINUTES,
      atMost: AIRTABLE_429S,
      meaning:
        'Airtable returns 429: the base gets more than five requests a second, from this service and other integrations together, or the month\'s quota is used up. Customers and opt-outs are safe, but changes come late and workers cannot add customers. The saved query "Airtable trouble" shows which; Troubleshooting in the README says what helps.',
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

import { Aws } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import {
  ACCEPTED_FAILURES,
  type AlarmDefinition,
  createAlarm,
  DOCTOR_FINDS_CAUSE,
  IN_THREE_MINUTES_OF_AN_HOUR,
  LOGS_SHOW_ERRORS,
  WITHIN_FIVE_MINUTES,
} from './alarm-definition';
import type { CallbackApi } from './callback-api';
import { AIRTABLE_ERRORS, REJECTIONS_BY_REASON } from './log-queries';
import { replicaAlarms } from './replica-alarms';
import type { ServiceFunction } from './service-function';
import { serviceMetric } from './service-metrics';

export interface ServiceAlarmsProps {
  readonly api: CallbackApi;
  readonly callbacks: readonly ServiceFunction[];
  /** Minutes between two runs of sync. */
  readonly syncMinutes: number;
  /** The e-mail address to notify; null to notify only the topic's subscribers. */
  readonly email: string | null;
}

/** One second less than Conversations waits, whose timeout is the shortest (twilio.md#callbacks-and-timeouts). */
const SLOW_MS = 4_000;
/** More than a scanner or a mistyped trial causes; a wrong URL or token causes one per request. */
const REJECTIONS = 10;
/** The 429s of half a minute's penalty at low traffic (airtable.md#rate-limits-and-quotas); a few 429s are bridged. */
const AIRTABLE_429S = 10;

/**
 * The alarms of the service. Each has one metric and uses no metric math: AWS charges an alarm over several metrics
 * as one alarm for each, and MiniStack, on which the deployment is tested, does not support them.
 */
export class ServiceAlarms extends Construct {
  readonly topic: AlarmTopic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { api, callbacks, syncMinutes, email }: ServiceAlarmsProps) {
    super(scope, id);
    this.topic = new AlarmTopic(this, 'Topic', { email });
    const definitions = [
      ...apiAlarms(api),
      ...callbacks.map(concurrencyAlarm),
      throttleAlarm(api),
      ...dependencyAlarms(),
      ...replicaAlarms(syncMinutes),
    ];
    this.all = definitions.map((definition) => createAlarm(this, definition, this.topic));
  }
}

/**
 * The responses as API Gateway measures them, not the functions: a function that crashed or was cut off publishes
 * nothing, and no function knows how long its cold start took.
 */
function apiAlarms(api: CallbackApi): AlarmDefinition[] {
  return [
    {
      name: 'callbacks-fail',
      metric: api.failures.with({ statistic: 'Average' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: ACCEPTED_FAILURES,
      meaning: `More than 5 % of callbacks fail (5xx), because of the service, DynamoDB, Airtable or Twilio: workers see empty lists, messages are delayed. ${LOGS_SHOW_ERRORS}, and ${DOCTOR_FINDS_CAUSE}.`,
    },
    {
      name: 'callbacks-slow',
      metric: api.latency.with({ statistic: 'p99' }),
      when: IN_THREE_MINUTES_OF_AN_HOUR,
      atMost: SLOW_MS,
      meaning:
        'The slowest responses take longer than 4 s; Twilio times out at 5 s. The saved query "slowest callbacks" shows which operations are slow and which requests they waited for.',
    },
  ];
}

function concurrencyAlarm(callback: ServiceFunction): AlarmDefinition {
  return {
    name: `${callback.serviceName}-throttled`,
    runbook: 'callback-throttled',
    metric: callback.metricThrottles({ statistic: 'Sum' }),
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning: `Lambda throttled ${callback.serviceName}: the account's concurrency limit is reached (10 in a new account). See which other functions run, or request a higher limit (Service Quotas > Lambda > Concurrent executions).`,
  };
}

function throttleAlarm(api: CallbackApi): AlarmDefinition {
  return {
    name: 'api-throttled',
    metric: api.throttled,
    when: WITHIN_FIVE_MINUTES,
    atMost: 0,
    meaning:
      "API Gateway returned 429: one route received more than 1,000 requests per second, so Twilio rejects messages. This is a flood, not a team's traffic: the access log in CloudWatch shows the route and the source addresses.",
  };
}

function dependencyAlarms(): AlarmDefinition[] {
  return [
    {
      name: 'signatures-refused',
      metric: serviceMetric('refusedSignatures'),
      when: WITHIN_FIVE_MINUTES,
      atMost: REJECTIONS,
      meaning: `Many requests have an invalid signature. If they come from Twilio, the URL in the Twilio console does not match exactly or AUTH_TOKEN in the secret is old: ${DOCTOR_FINDS_CAUSE}. Otherwise someone is probing the endpoint; the requests are rejected. The saved query "${REJECTIONS_BY_REASON.name}" shows the route, the access log in CloudWatch the source addresses.`,
    },
    {
      name: 'airtable-limits-rate',
      metric: serviceMetric('airtableRateLimited'),
      when: WITHIN_FIVE_MINUTES,
      atMost: AIRTABLE_429S,
      meaning: `Airtable returned 429: the base receives more than 5 requests per second, from this service and other integrations together, or the month's quota is exceeded. Customers and opt-outs are safe, but changes arrive late and workers cannot add customers. The saved query "${AIRTABLE_ERRORS.name}" shows the requests.`,
    },
    {
      name: 'conversation-without-worker',
      metric: serviceMetric('conversationsWithoutWorker'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning: `A customer's conversation has no worker. Add one in the Twilio console, with ROUTING=service an active worker of the inbox: \`npx frontline logs --errors\` shows the conversation and why no worker could be added; ${DOCTOR_FINDS_CAUSE}.`,
    },
  ];
}

/**
 * The topic of the alarms, over TLS only. It notifies one e-mail address, after its owner confirms, and other
 * subscribers.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    super(scope, id, { displayName: 'Frontline-Airtable', enforceSSL: true });
    // TLS needs a policy of the topic's own. It replaces the default one, which lets alarms publish.
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    if (email !== null) this.addSubscription(new EmailSubscription(email));
  }
}

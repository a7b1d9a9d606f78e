import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmStatus, dashboardUrl, graph, heading, queryTable } from '../dashboard-widgets';
import { callbackMetric, queueMetric, serviceMetric } from '../service-metrics';
import type { InboxAlarms } from './inbox-alarms';
import {
  FAILED_EVENTS,
  INBOX_REJECTIONS,
  type InboxLogQuery,
  type InboxQueriesProps,
  inboxLogGroupsOf,
} from './inbox-log-queries';

export interface InboxDashboardProps extends InboxQueriesProps {
  readonly alarms: InboxAlarms;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
}

/**
 * One page that shows, from top to bottom: whether the inbox works, whether events arrive, whether responses are fast,
 * and which requests are rejected.
 */
export class InboxDashboard extends Construct {
  /** The page's URL in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: InboxDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      // With the region, because an account's dashboards of all regions share one list of names.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.hours(12),
      widgets: [
        [heading('Does the inbox work?')],
        ...working(props),
        [heading('Do events arrive?')],
        ...events(props),
        [heading('Is it fast?')],
        ...fast(props),
        [heading('Which requests are rejected?')],
        [table('Rejected requests by reason', INBOX_REJECTIONS, props)],
      ],
    });
    this.url = dashboardUrl(dashboard);
  }
}

function working({ api, functions, alarms }: InboxDashboardProps): IWidget[][] {
  return [
    [alarmStatus(alarms.all)],
    [
      graph('Requests of workers', [callbackMetric('requests', 'inbox-api', 'Sum')]),
      graph('Failures (status 500 and above)', [
        callbackMetric('errors', 'inbox-api', 'Sum'),
        api.failures.with({ label: 'all, with crashes and time-outs' }),
        functions.liveFailures.with({ label: 'live socket' }),
      ]),
      graph(
        'Throttled by Lambda',
        functions.all.map((each) => each.metricThrottles({ statistic: 'Sum', label: each.serviceName })),
      ),
    ],
  ];
}

function events(props: InboxDashboardProps): IWidget[][] {
  const { queueName, deadLetterQueueName } = props;
  return [
    [
      graph('Age of the oldest event, s', [
        queueMetric(queueName, 'ApproximateAgeOfOldestMessage').with({ label: 'oldest event' }),
      ]),
      graph('Events that failed five times, and events that were lost', [
        queueMetric(deadLetterQueueName, 'ApproximateNumberOfMessagesVisible').with({ label: 'failed' }),
        serviceMetric('inboxEventsLost').with({ label: 'lost' }),
      ]),
      graph('Open chats without a worker', [
        serviceMetric('chatsWithoutWorker').with({ statistic: 'Maximum', label: 'chats' }),
      ]),
    ],
    [table('The last events that failed', FAILED_EVENTS, props)],
  ];
}

function fast({ api, functions }: InboxDashboardProps): IWidget[][] {
  return [
    [
      graph('Response time of the API, ms', [
        callbackMetric('milliseconds', 'inbox-api', 'p50').with({ label: 'median' }),
        callbackMetric('milliseconds', 'inbox-api', 'p99').with({ label: 'slowest (p99)' }),
        api.latency.with({ statistic: 'p99', label: 'slowest (p99), with cold starts' }),
      ]),
      graph('Time to handle events and connections, ms', [
        functions.events.metricDuration({ statistic: 'p99', label: 'events (p99 of batches)' }),
        functions.live.metricDuration({ statistic: 'p99', label: 'connections (p99)' }),
      ]),
      graph(
        'Calls of the functions',
        functions.all.map((each) => each.metricInvocations({ statistic: 'Sum', label: each.serviceName })),
      ),
    ],
  ];
}

function table(title: string, query: InboxLogQuery, props: InboxQueriesProps): IWidget {
  return queryTable(title, query, inboxLogGroupsOf(query, props), 24);
}

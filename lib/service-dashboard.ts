import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CALLBACK_NAMES, type RouteName, TWILIO_WAITS_MS } from '../lambdas/twilio/callbacks';
import type { CallbackApi } from './callback-api';
import { alarmStatus, dashboardUrl, graph, heading, queryTable } from './dashboard-widgets';
import { logGroupsOf, REJECTIONS_BY_REASON, RUNS_OF_SYNC } from './log-queries';
import type { ServiceAlarms } from './service-alarms';
import type { ServiceFunctions } from './service-functions';
import { callbackMetric, serviceMetric, syncMetric } from './service-metrics';

export interface ServiceDashboardProps {
  readonly api: CallbackApi;
  readonly functions: ServiceFunctions;
  readonly alarms: ServiceAlarms;
}

/** How long Twilio waits for a response (twilio.md#callbacks-and-timeouts). */
const TIMEOUTS = [
  { value: TWILIO_WAITS_MS['twilio-conversations'], label: 'Conversations times out', color: '#d62728' },
  { value: TWILIO_WAITS_MS.routing, label: 'Routing times out', color: '#7f7f7f' },
];

/**
 * One page that shows, from top to bottom: whether the service works, whether the replica is fresh, whether responses
 * are fast, which requests are rejected, and whether Airtable or Twilio fails.
 */
export class ServiceDashboard extends Construct {
  /** The page's URL in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      // With the region, because an account's dashboards of all regions share one list of names.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.hours(12),
      widgets: [
        [heading('Is it working?')],
        ...working(props),
        [heading('Is the replica fresh?')],
        ...fresh(props),
        [heading('Is it fast?')],
        ...fast(props),
        [heading('Which requests are rejected?')],
        ...rejected(props),
        [heading('Do Airtable and Twilio work?')],
        ...dependencies(),
      ],
    });
    this.url = dashboardUrl(dashboard);
  }
}

function working({ api, functions, alarms }: ServiceDashboardProps): IWidget[][] {
  return [
    [alarmStatus(alarms.all)],
    [
      graph('Requests, by route', byRoute('requests', 'Sum'), { stacked: true, width: 6 }),
      graph(
        'Failures (status 500 and above), by route',
        [
          ...byRoute('errors', 'Sum'),
          api.failures.with({ label: 'all callbacks, with crashes and time-outs' }),
        ],
        { width: 6 },
      ),
      graph(
        'Conversations without a worker',
        [serviceMetric('conversationsWithoutWorker').with({ label: 'conversations' })],
        { width: 6 },
      ),
      graph(
        'Throttled requests, by Lambda and by API Gateway',
        [
          ...functions.callbacks.map((each) =>
            each.metricThrottles({ statistic: 'Sum', label: each.serviceName }),
          ),
          api.throttled.with({ label: 'API Gateway' }),
        ],
        { width: 6 },
      ),
    ],
  ];
}

function fresh(props: ServiceDashboardProps): IWidget[][] {
  return [
    [
      graph('Age of the replica, and of the oldest opt-out that Airtable lacks, s', [
        syncMetric('replicaAgeSeconds', 'Maximum').with({ label: 'replica' }),
        syncMetric('waitingOptOutSeconds', 'Maximum').with({ label: 'oldest opt-out' }),
      ]),
      graph('Failed runs of sync, and customers corrected by the nightly pass', [
        syncMetric('syncFailures', 'Sum').with({ label: 'failed runs' }),
        syncMetric('requiredColumnsMissing', 'Sum').with({ label: 'of these, a column was missing' }),
        syncMetric('replicaRepairs', 'Sum').with({ label: 'corrected customers' }),
      ]),
      graph('Runs of sync: longest duration, s, and requests to Airtable', [
        syncMetric('syncSeconds', 'Maximum').with({ label: 'longest run' }),
        syncMetric('syncAirtableRequests', 'Sum').with({ label: 'requests to Airtable' }),
      ]),
    ],
    [
      graph('Opt-outs and opt-ins', [
        serviceMetric('optOuts').with({ label: 'opt-outs' }),
        serviceMetric('optIns').with({ label: 'opt-ins' }),
        serviceMetric('optOutsWithoutCustomer').with({ label: 'opt-outs from unknown numbers' }),
        serviceMetric('optOutsNotKept').with({ label: 'opt-outs that could not be recorded' }),
      ]),
      queryTable('The last runs of sync', RUNS_OF_SYNC, logGroupsOf(RUNS_OF_SYNC, props), 16),
    ],
  ];
}

function fast({ api }: ServiceDashboardProps): IWidget[][] {
  return [
    [
      graph('Median response time (p50), by route, ms', byRoute('milliseconds', 'p50')),
      graph(
        'Slowest responses (p99) and Twilio’s timeouts, ms',
        [
          ...byRoute('milliseconds', 'p99'),
          api.latency.with({ statistic: 'p99', label: 'all, with cold starts and time-outs' }),
        ],
        { leftAnnotations: TIMEOUTS },
      ),
      graph('Cold starts', [serviceMetric('coldStarts').with({ label: 'cold starts' })]),
    ],
  ];
}

function rejected(props: ServiceDashboardProps): IWidget[][] {
  return [
    [
      graph('Requests with an invalid signature', [
        serviceMetric('refusedSignatures').with({ label: 'invalid signatures' }),
      ]),
      queryTable(
        'Rejected requests by reason',
        REJECTIONS_BY_REASON,
        logGroupsOf(REJECTIONS_BY_REASON, props),
        16,
      ),
    ],
  ];
}

function dependencies(): IWidget[][] {
  return [
    [
      graph('Airtable: requests by callbacks, 429s, retries', [
        serviceMetric('airtableRequests').with({ label: 'requests' }),
        serviceMetric('airtableRateLimited').with({ label: '429s' }),
        serviceMetric('airtableRetries').with({ label: 'retries' }),
      ]),
      graph('Twilio: requests, failures', [
        serviceMetric('twilioRequests').with({ label: 'requests' }),
        serviceMetric('twilioFailures').with({ label: 'failures' }),
      ]),
      graph('Undelivered messages', [
        serviceMetric('messagesUndelivered').with({ label: 'not delivered' }),
        serviceMetric('messagesOutsideWindow').with({ label: 'of these, WhatsApp outside 24 hours (63016)' }),
      ]),
    ],
  ];
}

const ROUTES: readonly RouteName[] = [...CALLBACK_NAMES, 'airtable-webhook'];

function byRoute(what: Parameters<typeof callbackMetric>[0], statistic: string): IMetric[] {
  return ROUTES.map((name) => callbackMetric(what, name, statistic));
}

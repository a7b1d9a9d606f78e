import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  GraphWidgetView,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CALLBACK_NAMES } from '../lambdas/callback/callback-name';
import type { CallbackApi } from './callback-api';
import type { CallbackFunction } from './callback-function';
import { REFUSALS_BY_REASON } from './log-queries';
import type { ServiceAlarms } from './service-alarms';
import { callbackMetric, serviceMetric } from './service-metrics';

export interface ServiceDashboardProps {
  readonly api: CallbackApi;
  readonly callbacks: readonly CallbackFunction[];
  readonly alarms: ServiceAlarms;
}

/** How long Twilio waits for an answer (Twilio contract 0). */
const PATIENCE = [
  { value: 5_000, label: 'Conversations waits no longer', color: '#d62728' },
  { value: 10_000, label: 'Frontline waits for routing no longer', color: '#7f7f7f' },
];

/** One page that answers, from top to bottom: is it working, is it fast, who is refused, is Airtable the bottleneck. */
export class ServiceDashboard extends Construct {
  /** Where the page is in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      // With the region, for an account's dashboards share one list whatever region they are made in.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.hours(12),
      widgets: [
        [heading('Is it working?')],
        ...working(props),
        [heading('Is it fast?')],
        ...fast(props),
        [heading('Who is refused?')],
        ...refused(props),
        [heading('Is Airtable the bottleneck?')],
        ...bottleneck(),
      ],
    });
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}

function working({ api, callbacks, alarms }: ServiceDashboardProps): IWidget[][] {
  return [
    [
      new AlarmStatusWidget({
        title: 'Alarms: all should be green',
        alarms: [...alarms.all],
        width: 24,
        height: 3,
      }),
    ],
    [
      graph('Requests, by callback', byCallback('requests', 'Sum'), { stacked: true }),
      graph('Failures, by callback: answers of status 500 and above, and what API Gateway counts in all', [
        ...byCallback('errors', 'Sum'),
        api.failures.with({ label: 'in all, with crashes and time-outs' }),
      ]),
      graph('Turned away: by Lambda for want of concurrency, by the API’s throttle', [
        ...callbacks.map((each) => each.metricThrottles({ statistic: 'Sum', label: each.callback })),
        api.throttled.with({ label: 'throttle' }),
      ]),
    ],
  ];
}

function fast({ api }: ServiceDashboardProps): IWidget[][] {
  return [
    [
      graph('The usual answer (p50), by callback: milliseconds', byCallback('milliseconds', 'p50')),
      graph(
        'The slowest answers (p99), by callback, against what Twilio waits: milliseconds',
        [
          ...byCallback('milliseconds', 'p99'),
          api.latency.with({ statistic: 'p99', label: 'all, as Twilio waits for them' }),
        ],
        { leftAnnotations: PATIENCE },
      ),
      graph('Cold starts', [serviceMetric('coldStarts', 'cold starts')], { view: GraphWidgetView.BAR }),
    ],
  ];
}

function refused({ api, callbacks }: ServiceDashboardProps): IWidget[][] {
  return [
    [
      graph('Refused signatures: requests that are not provably Twilio’s', [
        serviceMetric('refusedSignatures', 'refused signatures'),
      ]),
      new LogQueryWidget({
        title: 'Refusals by reason: of the functions, and of API Gateway',
        logGroupNames: [...callbacks.map(({ logGroup }) => logGroup), api.accessLogs].map(
          ({ logGroupName }) => logGroupName,
        ),
        queryLines: [...REFUSALS_BY_REASON.commands],
        view: LogQueryVisualizationType.TABLE,
        width: 16,
        height: 6,
      }),
    ],
  ];
}

function bottleneck(): IWidget[][] {
  return [
    [
      graph('Airtable: requests, those that met its rate limit (429), and retries', [
        serviceMetric('airtableRequests', 'requests'),
        serviceMetric('airtableRateLimited', '429s'),
        serviceMetric('airtableRetries', 'retries'),
      ]),
      graph('Twilio, beside it: requests and those that failed', [
        serviceMetric('twilioRequests', 'requests'),
        serviceMetric('twilioFailures', 'failures'),
      ]),
      graph('What it comes to: opt-outs, opt-ins, conversations that got no worker', [
        serviceMetric('optOuts', 'opt-outs'),
        serviceMetric('optIns', 'opt-ins'),
        serviceMetric('conversationsWithoutWorker', 'conversations without a worker'),
      ]),
    ],
  ];
}

function heading(question: string): TextWidget {
  return new TextWidget({
    markdown: `## ${question}`,
    width: 24,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
}

/** A third of the page's width, from zero up. */
function graph(title: string, metrics: readonly IMetric[], options: GraphWidgetProps = {}): GraphWidget {
  return new GraphWidget({
    title,
    left: [...metrics],
    leftYAxis: { min: 0, showUnits: false },
    width: 8,
    height: 6,
    ...options,
  });
}

function byCallback(what: Parameters<typeof callbackMetric>[0], statistic: string): IMetric[] {
  return CALLBACK_NAMES.map((name) => callbackMetric(what, name, statistic));
}

import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CallbackApi } from './callback-api';
import type { ServiceFunctions } from './service-functions';

/** The logs that a query reads. */
type LogSource = 'callbacks' | 'airtable-webhook' | 'sync' | 'API';

/** A query of the logs, in the language of CloudWatch Logs Insights. */
export interface LogQuery<TSource extends string = LogSource> {
  readonly name: string;
  /** Its result, and the parameters to fill in. */
  readonly comment: string;
  readonly of: readonly TSource[];
  /** Its commands, in order. */
  readonly commands: readonly string[];
}

/** Of a callback's log, only the line written for each response has this field. */
export const RESPONSES = 'filter ispresent(milliseconds)';
export const OPERATION = 'coalesce(location, event) as operation';
/** Failure and warnings of a response, if any. */
export const TROUBLE = 'failure.name, failure.message, warnings.0, warnings.1';

const SLOWEST_CALLBACKS: LogQuery = {
  name: 'slowest callbacks',
  comment:
    'The slowest responses, and the requests that they waited for. Twilio waits 5 s, for routing 10 s.',
  of: ['callbacks'],
  commands: [
    `fields @timestamp, milliseconds, callback, ${OPERATION}, status, airtableRequests, airtableRetries, twilioRequests, twilioRetries, coldStart, conversationSid`,
    RESPONSES,
    'sort milliseconds desc',
    'limit 50',
  ],
};

const ONE_CONVERSATION: LogQuery = {
  name: 'everything about one conversation',
  comment: "Replace CH00000000000000000000000000000000 by the conversation's SID.",
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${OPERATION}, status, worker, customerId, ${TROUBLE}, milliseconds, function_request_id`,
    RESPONSES,
    'filter conversationSid = "CH00000000000000000000000000000000"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

const ONE_WORKER: LogQuery = {
  name: 'everything a worker did',
  comment: "Replace worker@example.com by the worker's identity, the SSO user name.",
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${OPERATION}, status, customerId, conversationSid, ${TROUBLE}, milliseconds, function_request_id`,
    RESPONSES,
    'filter worker = "worker@example.com"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

export const REJECTIONS_BY_REASON: LogQuery = {
  name: 'rejected requests by reason',
  comment: 'How often requests to each route were rejected, and why: by a function, or by API Gateway.',
  of: ['callbacks', 'airtable-webhook', 'API'],
  commands: [
    'fields coalesce(callback, route) as endpoint, coalesce(failure.name, error) as reason',
    'filter status >= 400 and status < 500 and (ispresent(milliseconds) or integrationStatus = "-")',
    'stats count(*) as rejections, max(@timestamp) as lastTime by endpoint, status, reason, failure.message',
    'sort rejections desc',
    'limit 50',
  ],
};

export const AIRTABLE_ERRORS: LogQuery = {
  name: 'Airtable errors and throttling',
  comment:
    'Responses with retries at Airtable, a rate limit (429), a failure, or an Airtable error or warning.',
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${OPERATION}, status, milliseconds, airtableRequests, airtableRateLimited, airtableRetries, airtableFailures, ${TROUBLE}`,
    RESPONSES,
    'filter airtableRetries > 0 or airtableFailures > 0 or failure.message like /Airtable/ or warnings.0 like /Airtable/',
    'sort @timestamp desc',
    'limit 200',
  ],
};

export const RUNS_OF_SYNC: LogQuery = {
  name: 'runs of sync',
  comment:
    'Result and duration of each run, and why it failed. A pass reads the whole base, a drain the changes; busy: another run held the lease and runs again for this one.',
  of: ['sync'],
  commands: [
    'fields @timestamp, run, kind, passReason, milliseconds, recordsRead, customersWritten, customersDeleted, repairs, ticks, optOutsWaiting, airtableRequests, airtableRateLimited, failure.name, failure.message, warnings.0',
    'filter ispresent(kind)',
    'sort @timestamp desc',
    'limit 100',
  ],
};

const PINGS: LogQuery = {
  name: 'notifications by Airtable',
  comment: 'Notifications from Airtable by hour and status, including rejected ones.',
  of: ['airtable-webhook'],
  commands: [
    RESPONSES,
    'stats count(*) as notifications by bin(1h) as hour, status, failure.name',
    'sort hour desc',
    'limit 200',
  ],
};

export const LOG_QUERIES: readonly LogQuery[] = [
  SLOWEST_CALLBACKS,
  ONE_CONVERSATION,
  ONE_WORKER,
  REJECTIONS_BY_REASON,
  AIRTABLE_ERRORS,
  RUNS_OF_SYNC,
  PINGS,
];

export interface SavedQueriesProps {
  readonly api: CallbackApi;
  readonly functions: ServiceFunctions;
}

/** The saved log queries, in CloudWatch under Logs Insights > Saved queries. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    for (const query of LOG_QUERIES) saveQuery(this, query, logGroupsOf(query, props));
  }
}

/** Saves a query under the name of its stack. */
export function saveQuery<TSource extends string>(
  scope: Construct,
  query: LogQuery<TSource>,
  logGroups: readonly ILogGroup[],
): void {
  // The L1 resource, because the L2 construct cannot hold a comment, which explains a placeholder.
  new CfnQueryDefinition(scope, query.name, {
    name: `${Stack.of(scope).stackName}/${query.name}`,
    queryString: textOf(query),
    logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
  });
}

/** False with `-c savedQueries=false`: MiniStack, on which the deployment is tested, has no query definitions. */
export function hasSavedQueries(scope: Construct): boolean {
  return String(scope.node.tryGetContext('savedQueries')) !== 'false';
}

/** The log groups that a query reads. */
export function logGroupsOf({ of }: LogQuery, { api, functions }: SavedQueriesProps): readonly ILogGroup[] {
  const groups: Readonly<Record<LogSource, readonly ILogGroup[]>> = {
    callbacks: functions.callbacks.map(({ logGroup }) => logGroup),
    'airtable-webhook': [functions.airtableWebhook.logGroup],
    sync: [functions.sync.logGroup],
    API: [api.accessLogs],
  };
  return of.flatMap((source) => groups[source]);
}

function textOf({ comment, commands }: Pick<LogQuery, 'comment' | 'commands'>): string {
  return `# ${comment}\n${commands.join('\n| ')}`;
}

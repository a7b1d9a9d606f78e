import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type LogQuery, OPERATION, RESPONSES, saveQuery, TROUBLE } from '../log-queries';
import type { InboxApi } from './inbox-api';
import type { InboxFunctions } from './inbox-functions';

/** The logs that a query of the inbox reads. */
type InboxLogSource = 'inbox-api' | 'inbox-events' | 'inbox-live' | 'API' | 'callbacks';

export type InboxLogQuery = LogQuery<InboxLogSource>;

const SLOWEST_REQUESTS: InboxLogQuery = {
  name: 'slowest requests of workers',
  comment: "The slowest requests of workers' browsers, and the requests that they waited for.",
  of: ['inbox-api'],
  commands: [
    `fields @timestamp, milliseconds, ${OPERATION}, status, airtableRequests, airtableRetries, twilioRequests, twilioRetries, coldStart, worker, conversationSid`,
    RESPONSES,
    'sort milliseconds desc',
    'limit 50',
  ],
};

const ONE_CONVERSATION: InboxLogQuery = {
  name: 'everything about one conversation',
  comment:
    "Requests, events and callbacks. Replace CH00000000000000000000000000000000 by the conversation's SID.",
  of: ['callbacks', 'inbox-api', 'inbox-events'],
  commands: [
    `fields @timestamp, callback, ${OPERATION}, status, worker, customerId, ${TROUBLE}, milliseconds`,
    RESPONSES,
    'filter conversationSid = "CH00000000000000000000000000000000"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

const ONE_WORKER: InboxLogQuery = {
  name: 'everything a worker did',
  comment: "In the inbox. Replace worker@example.com by the worker's identity.",
  of: ['inbox-api'],
  commands: [
    `fields @timestamp, ${OPERATION}, status, customerId, conversationSid, ${TROUBLE}, milliseconds, function_request_id`,
    RESPONSES,
    'filter worker = "worker@example.com"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

export const INBOX_REJECTIONS: InboxLogQuery = {
  name: 'rejected requests by reason',
  comment:
    'How often requests of browsers were rejected, and why: by a function, or by API Gateway, as without a valid token.',
  of: ['inbox-api', 'inbox-live', 'API'],
  commands: [
    'fields coalesce(callback, route) as endpoint, coalesce(failure.name, error) as reason',
    'filter status >= 400 and status < 500 and (ispresent(callback) or integrationStatus = "-")',
    'stats count(*) as rejections, max(@timestamp) as lastTime by endpoint, location, status, reason',
    'sort rejections desc',
    'limit 50',
  ],
};

export const FAILED_EVENTS: InboxLogQuery = {
  name: 'events that failed',
  comment:
    'Events of Twilio that the inbox could not handle, or only in part, and why. Each is tried five times.',
  of: ['inbox-events'],
  commands: [
    `fields @timestamp, event, status, conversationSid, ${TROUBLE}, milliseconds, twilioRequests, twilioRateLimited`,
    'filter status >= 500 or ispresent(warnings.0)',
    'sort @timestamp desc',
    'limit 200',
  ],
};

export const INBOX_LOG_QUERIES: readonly InboxLogQuery[] = [
  SLOWEST_REQUESTS,
  ONE_CONVERSATION,
  ONE_WORKER,
  INBOX_REJECTIONS,
  FAILED_EVENTS,
];

export interface InboxQueriesProps {
  readonly api: InboxApi;
  readonly functions: InboxFunctions;
  /** The logs of the five callbacks. */
  readonly callbackLogs: readonly ILogGroup[];
}

/** The saved log queries of the inbox, in CloudWatch under Logs Insights > Saved queries. */
export class InboxQueries extends Construct {
  constructor(scope: Construct, id: string, props: InboxQueriesProps) {
    super(scope, id);
    for (const query of INBOX_LOG_QUERIES) saveQuery(this, query, inboxLogGroupsOf(query, props));
  }
}

/** The log groups that a query reads. */
export function inboxLogGroupsOf(
  { of }: InboxLogQuery,
  { api, functions, callbackLogs }: InboxQueriesProps,
): readonly ILogGroup[] {
  const groups: Readonly<Record<InboxLogSource, readonly ILogGroup[]>> = {
    callbacks: callbackLogs,
    'inbox-api': [functions.api.logGroup],
    'inbox-events': [functions.events.logGroup],
    'inbox-live': [functions.live.logGroup],
    API: [api.accessLogs],
  };
  return of.flatMap((source) => groups[source]);
}

/** The logs that a query reads. */
export type LogSource = 'callbacks' | 'airtable-webhook' | 'sync' | 'API';

/** A query of the logs, in the language of CloudWatch Logs Insights. */
export interface LogQuery {
  readonly name: string;
  /** Its result, and the parameters to fill in before it runs. */
  readonly comment: string;
  readonly of: readonly LogSource[];
  /** Its commands, in order. */
  readonly commands: readonly string[];
}

/** Of a callback's log, only the line written for each response has this field. */
const ANSWERS = 'filter ispresent(milliseconds)';
const QUESTION = 'coalesce(location, event) as question';
/** Failure and warnings of a response, if any. */
const TROUBLE = 'failure.name, failure.message, warnings.0, warnings.1';

const SLOWEST_CALLBACKS: LogQuery = {
  name: 'slowest callbacks',
  comment: 'The slowest answers, and what they waited for. Twilio waits 5 s, for routing 10 s.',
  of: ['callbacks'],
  commands: [
    `fields @timestamp, milliseconds, callback, ${QUESTION}, status, airtableRequests, airtableRetries, twilioRequests, twilioRetries, coldStart, conversationSid`,
    ANSWERS,
    'sort milliseconds desc',
    'limit 50',
  ],
};

const ONE_CONVERSATION: LogQuery = {
  name: 'everything about one conversation',
  comment: "Put the conversation's SID in the place of CH00000000000000000000000000000000.",
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${QUESTION}, status, worker, customerId, ${TROUBLE}, milliseconds, function_request_id`,
    ANSWERS,
    'filter conversationSid = "CH00000000000000000000000000000000"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

const ONE_WORKER: LogQuery = {
  name: 'everything a worker did',
  comment: "Put the worker's identity, the SSO user name, in the place of worker@example.com.",
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${QUESTION}, status, customerId, conversationSid, ${TROUBLE}, milliseconds, function_request_id`,
    ANSWERS,
    'filter worker = "worker@example.com"',
    'sort @timestamp asc',
    'limit 1000',
  ],
};

export const REFUSALS_BY_REASON: LogQuery = {
  name: 'refusals by reason',
  comment: 'Who was refused how often, and why: by a function, or by API Gateway before it came to one.',
  of: ['callbacks', 'airtable-webhook', 'API'],
  commands: [
    'fields coalesce(callback, route) as asked, coalesce(failure.name, error) as reason',
    'filter status >= 400 and status < 500 and (ispresent(milliseconds) or integrationStatus = "-")',
    'stats count(*) as refusals, max(@timestamp) as lastTime by asked, status, reason, failure.message',
    'sort refusals desc',
    'limit 50',
  ],
};

const AIRTABLE_TROUBLE: LogQuery = {
  name: 'Airtable trouble',
  comment:
    'Answers for which Airtable was asked more than once, limited the rate, failed, or was not understood.',
  of: ['callbacks'],
  commands: [
    `fields @timestamp, callback, ${QUESTION}, status, milliseconds, airtableRequests, airtableRateLimited, airtableRetries, airtableFailures, ${TROUBLE}`,
    ANSWERS,
    'filter airtableRetries > 0 or airtableFailures > 0 or failure.message like /Airtable/ or warnings.0 like /Airtable/',
    'sort @timestamp desc',
    'limit 200',
  ],
};

export const RUNS_OF_SYNC: LogQuery = {
  name: 'runs of sync',
  comment:
    'What each run did, how long it took, and why it failed. A pass reads the whole base, a drain what changed; busy: another run was at work and went on for this one.',
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
  comment: 'How often Airtable told of changes, and how often a notification was rejected, by hour.',
  of: ['airtable-webhook'],
  commands: [
    ANSWERS,
    'stats count(*) as notifications by bin(1h) as hour, status, failure.name',
    'sort hour desc',
    'limit 200',
  ],
};

export const LOG_QUERIES: readonly LogQuery[] = [
  SLOWEST_CALLBACKS,
  ONE_CONVERSATION,
  ONE_WORKER,
  REFUSALS_BY_REASON,
  AIRTABLE_TROUBLE,
  RUNS_OF_SYNC,
  PINGS,
];

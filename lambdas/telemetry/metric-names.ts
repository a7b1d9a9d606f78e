/** The namespace of the metrics in CloudWatch; the stack uses the same names. */
export const METRICS_NAMESPACE = 'FrontlineAirtable';
/** The value of the dimension `service`, which every metric has; every log line includes it too. */
export const SERVICE = 'frontline-airtable';
/** The other dimension of metrics that are published per callback. */
export const CALLBACK_DIMENSION = 'callback';

/** Published for every request, by callback. */
export const CALLBACK_METRICS = {
  requests: 'Requests',
  /** 1 for a response of status 500 or above, else 0: the average is the share of failures. */
  errors: 'Errors',
  milliseconds: 'Milliseconds',
} as const;

/** Published for the service as a whole, and only if there is something to count, because each metric costs money. */
export const SERVICE_METRICS = {
  refusedSignatures: 'RefusedSignatures',
  conversationsWithoutWorker: 'ConversationsWithoutWorker',
  coldStarts: 'ColdStarts',
  airtableRequests: 'AirtableRequests',
  /** Responses with status 429: Airtable's rate limit, or the month's quota. */
  airtableRateLimited: 'AirtableRateLimited',
  airtableRetries: 'AirtableRetries',
  twilioRequests: 'TwilioRequests',
  twilioFailures: 'TwilioFailures',
  /** Customers who opted out or in by a message of their own. */
  optOuts: 'OptOuts',
  optIns: 'OptIns',
  /** Opt-outs from an address that no customer has. They are recorded and take effect. */
  optOutsWithoutCustomer: 'OptOutsWithoutCustomer',
  /** Opt-outs that could not be recorded: a person has to set `opt_out` by hand. */
  optOutsNotKept: 'OptOutsNotKept',
  /** Messages that Twilio accepted and could not deliver. */
  messagesUndelivered: 'MessagesUndelivered',
  /** Those of them that WhatsApp rejected outside its 24-hour window (63016). */
  messagesOutsideWindow: 'MessagesOutsideWindow',
  /** Open chats of the inbox that no active worker has, counted by each sweep. */
  chatsWithoutWorker: 'ChatsWithoutWorker',
  /** Events of Twilio that did not reach the inbox's queue: the sweep finds new chats, opening a chat what it lacks. */
  inboxEventsLost: 'InboxEventsLost',
} as const;
export type ServiceMetric = (typeof SERVICE_METRICS)[keyof typeof SERVICE_METRICS];

/** Published by the runs of sync, for the service as a whole. */
export const SYNC_METRICS = {
  /**
   * Seconds since the run was due that would have brought the replica up to date; 0 after a run that did. Published by
   * every run, failed ones too, because an alarm treats a missing value as a bad one.
   */
  replicaAgeSeconds: 'ReplicaAgeSeconds',
  /** 1 for a run that an error ended. */
  syncFailures: 'SyncFailures',
  /** 1 for a run that deleted nothing, because a column is missing that it needs to see opt-outs and addresses. */
  requiredColumnsMissing: 'RequiredColumnsMissing',
  /** Customers that a full pass had to correct though Airtable's webhook should have reported them. 0 otherwise. */
  replicaRepairs: 'ReplicaRepairs',
  /** Seconds that the oldest opt-out has waited to be ticked in Airtable; 0 if none waits. */
  waitingOptOutSeconds: 'WaitingOptOutSeconds',
  /** How long a run took, in seconds. */
  syncSeconds: 'SyncSeconds',
  /** Requests that a run sent to Airtable. */
  syncAirtableRequests: 'SyncAirtableRequests',
} as const;
export type SyncMetric = (typeof SYNC_METRICS)[keyof typeof SYNC_METRICS];

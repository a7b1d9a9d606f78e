import type { IndexSchema, TableSchema } from '../../replica/tables';

/** A worker's chats by latest activity. */
export const BY_ACTIVITY = {
  name: 'by-activity',
  partitionKey: 'list_key',
  sortKey: 'activity_key',
  projection: 'all',
} as const satisfies IndexSchema;

/** A worker's chats by their last change, tombstones included. */
export const BY_CHANGE = {
  name: 'by-change',
  partitionKey: 'change_key',
  sortKey: 'changed_at',
  projection: 'all',
} as const satisfies IndexSchema;

/** A worker's chats with unread messages, and the open chats that wait to be taken. Sparse. */
export const ATTENTION = {
  name: 'attention',
  partitionKey: 'attention_key',
  sortKey: 'activity_key',
  projection: 'all',
} as const satisfies IndexSchema;

/** The chats with an address. */
export const BY_ADDRESS = {
  name: 'by-address',
  partitionKey: 'address_key',
  sortKey: 'activity_key',
  projection: 'all',
} as const satisfies IndexSchema;

/**
 * The inbox's index: chats, workers' rows, workers, connections and claims. Most of it could be built from Twilio
 * again; what workers have read could not, so the table is retained.
 */
export const INBOX_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expires_at',
  indexes: [BY_ACTIVITY, BY_CHANGE, ATTENTION, BY_ADDRESS],
} as const satisfies TableSchema;

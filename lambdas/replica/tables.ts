/** A secondary index of a table: a partition key and a sort key, both strings. */
export interface IndexSchema {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** The attributes that the index contains besides the keys, or all. */
  readonly projection: 'all' | readonly string[];
}

/** A table as the stack, `npm start` and the tests create it. Every key is a string. */
export interface TableSchema {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** The attribute with the second after which an item may be deleted; null where items never expire. */
  readonly timeToLive: string | null;
  readonly indexes: readonly IndexSchema[];
}

/** A worker's customers by name. */
export const BY_OWNER = {
  name: 'by-owner',
  partitionKey: 'owner_key',
  sortKey: 'sort_key',
  /** `summary` is a map, so that a list can show more without another index. */
  projection: ['summary', 'search_name', 'search_digits'],
} as const satisfies IndexSchema;

/** The copy of the base. It can be deleted and read again at any time. */
export const REPLICA_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expires_at',
  indexes: [BY_OWNER],
} as const satisfies TableSchema;

/** Opt-outs that Airtable does not have yet. Sparse: an item leaves the index when its key attributes are removed. */
export const PENDING = {
  name: 'pending',
  partitionKey: 'pending',
  sortKey: 'pending_at',
  projection: 'all',
} as const satisfies IndexSchema;

/** Every opt-out and opt-in ever received. The only copy: retained, protected, with point-in-time recovery. */
export const OPT_OUT_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: null,
  indexes: [PENDING],
} as const satisfies TableSchema;

/**
 * A request's operation and target (airtable.md#listing-records, airtable.md#writing-records, airtable.md#metadata,
 * airtable.md#webhooks).
 */
export type Route =
  | { readonly kind: 'whoami' | 'bases' }
  | { readonly kind: 'schema'; readonly baseId: string }
  | SchemaWriteRoute
  | WebhookRoute
  | RecordRoute;

export type SchemaWriteRoute =
  | { readonly kind: 'create-table'; readonly baseId: string }
  | { readonly kind: 'create-field'; readonly baseId: string; readonly tableId: string };

export type WebhookRoute =
  | { readonly kind: 'create-webhook' | 'list-webhooks'; readonly baseId: string }
  | {
      readonly kind: 'webhook-payloads' | 'refresh-webhook' | 'enable-notifications' | 'delete-webhook';
      readonly baseId: string;
      readonly webhookId: string;
    };

export type RecordRoute = ReadRoute | WriteRoute;

interface InTable {
  readonly baseId: string;
  readonly table: string;
}

export type ReadRoute = InTable &
  ({ readonly kind: 'list' | 'list-by-post' } | { readonly kind: 'get'; readonly recordId: string });

export type WriteRoute = InTable &
  (
    | { readonly kind: 'create' | 'patch-many' | 'put-many' | 'delete-many' }
    | { readonly kind: 'patch' | 'put' | 'delete'; readonly recordId: string }
  );

export function isRead(route: RecordRoute): route is ReadRoute {
  return route.kind === 'list' || route.kind === 'list-by-post' || route.kind === 'get';
}

const ON_TABLE = {
  GET: 'list',
  POST: 'create',
  PATCH: 'patch-many',
  PUT: 'put-many',
  DELETE: 'delete-many',
} as const;

const ON_TABLES = { GET: 'schema', POST: 'create-table' } as const;

const ON_WEBHOOKS = { GET: 'list-webhooks', POST: 'create-webhook' } as const;

const ON_WEBHOOK = {
  'DELETE ': 'delete-webhook',
  'GET payloads': 'webhook-payloads',
  'POST refresh': 'refresh-webhook',
  'POST enableNotifications': 'enable-notifications',
} as const;

const ON_RECORD = { GET: 'get', PATCH: 'patch', PUT: 'put', DELETE: 'delete' } as const;

/**
 * The parts of a path, each decoded once. Empty parts are dropped, because the official client sometimes ends paths
 * with a slash. Undefined for an invalid escape.
 */
export function pathSegments(path: string): readonly string[] | undefined {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Undefined for an unrouted path or method. */
export function findRoute(method: string, segments: readonly string[]): Route | undefined {
  const [version, first, second, third, ...rest] = segments;
  if (version !== 'v0' || first === undefined || second === undefined) return undefined;
  if (first === 'meta') return metadataRoute(method, second, third, rest);
  if (first === 'bases' && third === 'webhooks') return webhookRoute(method, second, rest);
  return rest.length === 0 ? recordRoute(method, first, second, third) : undefined;
}

function metadataRoute(
  method: string,
  subject: string,
  baseId: string | undefined,
  rest: readonly string[],
): Route | undefined {
  if (baseId === undefined)
    return method === 'GET' && (subject === 'whoami' || subject === 'bases') ? { kind: subject } : undefined;
  const [tables, tableId, fields, ...more] = rest;
  if (subject !== 'bases' || tables !== 'tables') return undefined;
  if (tableId === undefined) {
    const kind = isKeyOf(ON_TABLES, method) ? ON_TABLES[method] : undefined;
    return kind && { kind, baseId };
  }
  const isField = method === 'POST' && fields === 'fields' && more.length === 0;
  return isField ? { kind: 'create-field', baseId, tableId } : undefined;
}

function webhookRoute(method: string, baseId: string, rest: readonly string[]): WebhookRoute | undefined {
  const [webhookId, action = '', ...more] = rest;
  if (more.length > 0) return undefined;
  if (webhookId === undefined) {
    const kind = isKeyOf(ON_WEBHOOKS, method) ? ON_WEBHOOKS[method] : undefined;
    return kind && { kind, baseId };
  }
  const call = `${method} ${action}`;
  const kind = isKeyOf(ON_WEBHOOK, call) ? ON_WEBHOOK[call] : undefined;
  return kind && { kind, baseId, webhookId };
}

function recordRoute(
  method: string,
  baseId: string,
  table: string,
  recordId: string | undefined,
): RecordRoute | undefined {
  if (recordId === undefined) {
    const kind = isKeyOf(ON_TABLE, method) ? ON_TABLE[method] : undefined;
    return kind && { kind, baseId, table };
  }
  if (recordId === 'listRecords')
    return method === 'POST' ? { kind: 'list-by-post', baseId, table } : undefined;
  const kind = isKeyOf(ON_RECORD, method) ? ON_RECORD[method] : undefined;
  return kind && { kind, baseId, table, recordId };
}

function isKeyOf<T extends object>(object: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(object, key);
}

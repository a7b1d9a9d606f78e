import * as v from 'valibot';
import { invalidRequest, notSupportedHere } from '../airtable-errors';
import { type BaseData, findField } from '../base-model';

const DataType = v.picklist(['tableData', 'tableFields', 'tableMetadata']);
export type DataType = v.InferOutput<typeof DataType>;

const ChangeType = v.picklist(['add', 'remove', 'update']);
export type ChangeType = v.InferOutput<typeof ChangeType>;

const Source = v.picklist([
  'client',
  'publicApi',
  'formSubmission',
  'formPageSubmission',
  'automation',
  'system',
  'sync',
  'anonymousUser',
  'unknown',
]);

const FieldIds = v.array(v.string());

const Filters = v.strictObject({
  dataTypes: v.pipe(v.array(DataType), v.minLength(1)),
  recordChangeScope: v.exactOptional(v.string()),
  changeTypes: v.exactOptional(v.array(ChangeType)),
  fromSources: v.exactOptional(v.array(Source)),
  watchDataInFieldIds: v.exactOptional(FieldIds),
  watchSchemasOfFieldIds: v.exactOptional(FieldIds),
  sourceOptions: v.exactOptional(v.unknown()),
});

const Includes = v.strictObject({
  includeCellValuesInFieldIds: v.exactOptional(v.nullable(v.union([v.literal('all'), FieldIds]))),
  includePreviousCellValues: v.exactOptional(v.boolean()),
  includePreviousFieldDefinitions: v.exactOptional(v.boolean()),
});

const Specification = v.strictObject({
  options: v.strictObject({ filters: Filters, includes: v.exactOptional(Includes) }),
});
/** The changes that a webhook is notified of (airtable.md#webhooks). */
export type Specification = v.InferOutput<typeof Specification>;

const HttpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:/));
const Draft = v.strictObject({
  notificationUrl: v.exactOptional(v.nullable(HttpUrl)),
  specification: Specification,
});
export type WebhookDraft = v.InferOutput<typeof Draft>;

/**
 * Reads the body that creates a webhook.
 * @throws AirtableError 422 for a body that Airtable rejects, 501 for filters whose effect is not documented
 */
export function readWebhookDraft(body: unknown, base: BaseData): WebhookDraft {
  const { success, output } = v.safeParse(Draft, body);
  if (!success) throw invalidRequest();
  const { filters, includes } = output.specification.options;
  requireSupported(filters);
  requireTable(filters.recordChangeScope, base);
  const { includeCellValuesInFieldIds: included } = includes ?? {};
  requireFields([...(filters.watchDataInFieldIds ?? []), ...(Array.isArray(included) ? included : [])], base);
  return output;
}

function requireSupported(filters: Specification['options']['filters']): void {
  if (filters.sourceOptions !== undefined) throw notSupportedHere('the filter sourceOptions');
  if (filters.watchSchemasOfFieldIds) throw notSupportedHere('the filter watchSchemasOfFieldIds');
  if (filters.recordChangeScope?.startsWith('viw')) throw notSupportedHere('a view as recordChangeScope');
  const isForUpdates = filters.changeTypes?.every((type) => type === 'update');
  // Whether a new or a deleted record counts as a change of the watched fields is not documented.
  if (filters.watchDataInFieldIds && !isForUpdates)
    throw notSupportedHere('watchDataInFieldIds unless changeTypes is ["update"]');
}

/** Ids only, never names (airtable.md#webhooks). */
function requireTable(scope: string | undefined, { tables }: BaseData): void {
  if (scope !== undefined && !tables.some(({ id }) => id === scope)) throw invalidRequest();
}

function requireFields(ids: readonly string[], { tables }: BaseData): void {
  const isKnown = (id: string) => tables.some((table) => findField(table, id)?.id === id);
  if (!ids.every(isKnown)) throw invalidRequest();
}

/** An error response: status and body as Airtable sends them (airtable.md#errors, airtable.md#validation-errors). */
export class AirtableError extends Error {
  override readonly name = 'AirtableError';

  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }
}

/** Envelope A, or B without a message. */
function airtableError(status: number, type: string, message?: string): AirtableError {
  return new AirtableError(status, { error: message === undefined ? { type } : { type, message } });
}

export const authenticationRequired = () =>
  airtableError(401, 'AUTHENTICATION_REQUIRED', 'Authentication required');

/** No permission, or no such table or record: Airtable does not say which. */
export const notPermittedOrMissing = () =>
  airtableError(
    403,
    'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND',
    'Invalid permissions, or the requested model was not found. Check that both your user and your token have the required permissions, and that the model names and/or ids are correct.',
  );

/** An unrouted path or an unknown base: envelope C. */
export const notFound = () => new AirtableError(404, { error: 'NOT_FOUND' });

/** The body is not published. */
export const unreadableBody = () =>
  airtableError(400, 'INVALID_REQUEST_BODY', 'Could not parse request body');

/** The body is not published. */
export const requestTooLarge = () => airtableError(413, 'REQUEST_TOO_LARGE', 'Request body is too large');

/** Neither status nor body is published. */
export const urlTooLong = () =>
  airtableError(414, 'REQUEST_URI_TOO_LONG', 'The URL is longer than 16,000 characters');

/** For a field that only a person can create; the message as it was seen, without the field's position as a prefix. */
export const unsupportedFieldType = (type: string) =>
  airtableError(
    422,
    'UNSUPPORTED_FIELD_TYPE_FOR_CREATE',
    `Creating ${type} fields is not supported at this time`,
  );

export const missingFieldOptions = (problem: string) =>
  airtableError(422, 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE', `Failed schema validation: ${problem}`);

/** Seen without a message: envelope B. */
export const duplicateFieldName = () => airtableError(422, 'DUPLICATE_OR_EMPTY_FIELD_NAME');

/** The message was not recorded, the type was. */
export const duplicateTableName = (name: string) =>
  airtableError(422, 'DUPLICATE_TABLE_NAME', `The base has a table "${name}" already`);

/** Neither type nor message was recorded. */
export const notPrimary = () =>
  airtableError(422, 'INVALID_REQUEST_UNKNOWN', 'A field of this type cannot be the primary field');

const RATE_LIMIT = 'Rate limit exceeded. Please try again later';

/** 429 as it comes over the wire (envelope D), or as the documentation shows it. */
export const rateLimited = (form: 'wire' | 'documented' = 'wire') =>
  form === 'documented'
    ? airtableError(429, 'RATE_LIMIT_REACHED', RATE_LIMIT)
    : new AirtableError(429, { errors: [{ error: 'RATE_LIMIT_REACHED', message: RATE_LIMIT }] });

export const monthlyQuotaExceeded = () =>
  new AirtableError(429, {
    errors: [
      {
        error: 'PUBLIC_API_BILLING_LIMIT_EXCEEDED',
        message:
          "API billing plan limit exceeded. You've reached the maximum number of requests allowed for this month.",
      },
    ],
  });

/** The body of a 500 is not published. */
export const serverError = () => airtableError(500, 'SERVER_ERROR', 'Something went wrong');

export const unavailable = (retryAfterSeconds?: number) =>
  new AirtableError(
    503,
    {
      error: {
        type: 'RETRIABLE_ERROR',
        message:
          'Server encountered an error while processing your request, and it is safe to retry the request',
      },
    },
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );

/**
 * The real service's behaviour is unknown, or too complex for an emulator: an explicit error instead of a guess,
 * so that our code cannot come to rely on it.
 */
export const notEmulated = (subject: string) =>
  airtableError(501, 'NOT_SUPPORTED_BY_EMULATOR', `The Airtable emulator does not support ${subject}`);

export const invalidRequest = (
  message = 'Invalid request: parameter validation failed. Check your request data.',
) => airtableError(422, 'INVALID_REQUEST_UNKNOWN', message);

export const unknownField = (name: string) =>
  airtableError(422, 'UNKNOWN_FIELD_NAME', `Unknown field name: "${name}"`);

export const invalidFormula = (reason = 'Invalid formula. Please check your formula text.') =>
  airtableError(422, 'INVALID_FILTER_BY_FORMULA', `The formula for filtering records is invalid: ${reason}`);

export const invalidValue = (field: string) =>
  airtableError(422, 'INVALID_VALUE_FOR_COLUMN', `Field "${field}" cannot accept the provided value`);

export const computedField = (field: string) =>
  airtableError(
    422,
    'INVALID_VALUE_FOR_COLUMN',
    `Field "${field}" cannot accept a value because the field is computed`,
  );

export const unknownChoice = (choice: string) =>
  airtableError(
    422,
    'INVALID_MULTIPLE_CHOICE_OPTIONS',
    `Insufficient permissions to create new select option ""${choice}""`,
  );

/** Airtable's own body is not known. */
export const wrongMethod = (allowed: readonly string[]) =>
  airtableError(405, 'METHOD_NOT_ALLOWED', `The path supports ${allowed.join(', ')}`);

export const recordDoesNotExist = (id: string) =>
  airtableError(422, 'ROW_DOES_NOT_EXIST', `Record ID ${id} does not exist in this table`);

export const missingFields = () =>
  airtableError(422, 'INVALID_REQUEST_MISSING_FIELDS', 'Could not find field "fields" in the request body');

export const invalidRecords = (
  message = 'You must provide an array of up to 10 record objects, each with an "id" ID field and a "fields" object for cell values.',
) => airtableError(422, 'INVALID_RECORDS', message);

/** The type was not recorded, the message was. */
export const tooManyToCreate = (limit: number, given: number) =>
  airtableError(
    422,
    'INVALID_REQUEST_UNKNOWN',
    `A maximum of ${limit} records can be created per request but you have provided ${given}.`,
  );

/** The messages were not recorded, the types were. */
export const unknownView = (view: string) =>
  /^viw[A-Za-z0-9]{14}$/.test(view)
    ? airtableError(422, 'VIEW_ID_NOT_FOUND', `View ${view} not found`)
    : airtableError(422, 'VIEW_NAME_NOT_FOUND', `View ${view} not found`);

export const invalidAttachment = (field: string) =>
  airtableError(
    422,
    'INVALID_ATTACHMENT_OBJECT',
    `Invalid attachment for field ${field}: it has neither the id of one in this cell nor an HTTP "url"`,
  );

export const invalidPageSize = () =>
  airtableError(422, 'INVALID_PAGE_SIZE_ARGUMENT', 'Page size argument should be between 0 and 100');

export const invalidOffset = (offset: string) =>
  airtableError(422, 'INVALID_OFFSET_VALUE', `The value of offset ${offset} is invalid`);

/** The list iterator is gone: envelope B. */
export const iteratorGone = () => airtableError(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE');

/** The error of the eleventh webhook is not published. */
export const tooManyWebhooks = () =>
  airtableError(
    422,
    'TOO_MANY_WEBHOOKS_IN_BASE',
    'The base has 10 webhooks, which is the most that it can have',
  );

import { describe, expect, test } from '@jest/globals';
import {
  AirtableApiError,
  errorOf,
  GoneOrForbiddenError,
  isQuotaExceeded,
  QuotaExceededError,
  RATE_LIMIT_EXCEEDED,
  ThrottledError,
  UnknownColumnsError,
} from '../../../lambdas/airtable/airtable-errors';
import { CredentialsRejectedError, ServiceUnavailableError, UpstreamError } from '../../../lambdas/errors';

const failure = (status: number, body: unknown, retryAfterSeconds: number | null = null) =>
  errorOf({ status, body, retryAfterSeconds }, 'POST Customers/listRecords');

/** Airtable's error envelopes (airtable.md#errors). */
const forms = (type: string) => [
  { error: { type, message: 'Because' } },
  { error: { type } },
  { error: type },
  { errors: [{ error: type, message: 'Because' }] },
];

const QUOTA = 'PUBLIC_API_BILLING_LIMIT_EXCEEDED';

describe('429', () => {
  test.each(forms(QUOTA))("for the month's quota names it, and does not mention the rate: %j", (body) => {
    const error = failure(429, body);

    expect(error).toBeInstanceOf(QuotaExceededError);
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect(error.message).toMatch(/month's Airtable API quota is used up/);
    expect(error.message).not.toMatch(/rate/i);
    expect(isQuotaExceeded({ status: 429, body, retryAfterSeconds: null })).toBe(true);
  });

  test.each([...forms('RATE_LIMIT_REACHED'), undefined, '<html>', [], {}, { errors: [] }])(
    'is otherwise the rate limit, with a retry in 30 seconds: %j',
    (body) => {
      expect(failure(429, body)).toBeInstanceOf(ThrottledError);
      expect(failure(429, body)).toMatchObject({
        name: 'Unavailable',
        retryAfterSeconds: 30,
        message: RATE_LIMIT_EXCEEDED,
      });
      expect(isQuotaExceeded({ status: 429, body, retryAfterSeconds: null })).toBe(false);
    },
  );

  test('is retried when Airtable says', () => {
    expect(failure(429, forms('RATE_LIMIT_REACHED')[0], 7)).toMatchObject({ retryAfterSeconds: 7 });
  });
});

test.each([500, 502, 503])('%i is an outage, with any body', (status) => {
  for (const body of [undefined, ...forms('RETRIABLE_ERROR')]) {
    expect(failure(status, body)).toMatchObject({ name: 'Unavailable', retryAfterSeconds: 5 });
    expect(failure(status, body, 12)).toMatchObject({ retryAfterSeconds: 12 });
  }
});

test.each(forms('AUTHENTICATION_REQUIRED'))('401 means that the token is rejected: %j', (body) => {
  expect(failure(401, body)).toBeInstanceOf(CredentialsRejectedError);
  expect(failure(401, body).message).toContain('AIRTABLE_API_KEY');
});

test.each([403, 404])('%i means gone or forbidden, in each of the forms', (status) => {
  for (const body of forms('NOT_FOUND')) expect(failure(status, body)).toBeInstanceOf(GoneOrForbiddenError);
});

describe('422', () => {
  test.each([
    ['UNKNOWN_FIELD_NAME', 'Unknown field name: "opt_out"', ['opt_out']],
    ['UNKNOWN_FIELD_NAME', 'Unknown field name: "a "quoted" name"', ['a "quoted" name']],
    [
      'INVALID_FILTER_BY_FORMULA',
      'The formula for filtering records is invalid: Unknown field names: sms, whatsapp',
      ['sms', 'whatsapp'],
    ],
    ['UNKNOWN_FIELD_NAME', '', []],
  ])('%s %j names the missing columns', (type, message, columns) => {
    const error = failure(422, { error: { type, message } });

    expect(error).toBeInstanceOf(UnknownColumnsError);
    expect(error).toMatchObject({ columns });
  });

  test('is otherwise a rejection with type and message', () => {
    const error = failure(422, forms('INVALID_VALUE_FOR_COLUMN')[0]);

    expect(error).toBeInstanceOf(AirtableApiError);
    expect(error).toMatchObject({
      type: 'INVALID_VALUE_FOR_COLUMN',
      message: expect.stringContaining('Because'),
    });
  });
});

test.each([400, 402, 413, 418, 302])('%i is a failure that names the request', (status) => {
  const error = failure(status, undefined);

  expect(error).toBeInstanceOf(UpstreamError);
  expect(error.message).toContain(`${status}`);
  expect(error.message).toContain('POST Customers/listRecords');
});

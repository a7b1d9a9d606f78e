import * as v from 'valibot';

/** Every error of the API, with its status. */
export const ERROR_STATUS = {
  /** The request does not fit its schema. */
  'bad-request': 400,
  /** No session, or an expired one: sign in. */
  'not-signed-in': 401,
  /** The worker has no active record: an administrator has to add one. */
  'not-active': 403,
  /** The customer opted out. */
  'opted-out': 403,
  /** The channel has none of our numbers, or this customer cannot be written to there. */
  'not-allowed': 403,
  /** It does not exist, or it is another worker's. */
  'not-found': 404,
  /** The chat is closed: start a new one. */
  'chat-closed': 409,
  /** WhatsApp's 24 hours are over: use a template. */
  'window-closed': 409,
  /** The same request is being carried out: ask again in a moment with the same id. */
  'in-progress': 409,
  /** Another worker was faster. */
  taken: 409,
  /** Twilio rejects the content; the message says why. */
  refused: 422,
  /** Too many requests: again after `retryAfterSeconds`. */
  throttled: 429,
  internal: 500,
  /** A part of the service does not respond: again after `retryAfterSeconds`. Nothing was sent. */
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

const CODES = [
  'bad-request',
  'not-signed-in',
  'not-active',
  'opted-out',
  'not-allowed',
  'not-found',
  'chat-closed',
  'window-closed',
  'in-progress',
  'taken',
  'refused',
  'throttled',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[];

/** The body of every response that is not a success. */
export const ErrorBody = v.object({
  error: v.fallback(v.picklist(CODES), 'internal'),
  /** A sentence for the worker. */
  message: v.string(),
  /** Twilio's code, for "Details"; null without a code. */
  twilioCode: v.optional(v.nullable(v.number()), null),
  retryAfterSeconds: v.optional(v.nullable(v.number()), null),
  requestId: v.optional(v.string(), ''),
});
export type ErrorBody = v.InferOutput<typeof ErrorBody>;

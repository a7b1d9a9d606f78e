import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { BadRequestError, InvalidSignatureError } from '../errors';
import type { WithRawRequest } from '../request/request-context';

const MAX_BODY_BYTES = 64 * 1_024;
const MAX_BASE64_LENGTH = 4 * Math.ceil(MAX_BODY_BYTES / 3);
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const text = v.fallback(v.string(), '');

const Headers = v.object({
  'x-twilio-signature': text,
  'content-type': text,
  // A header that cannot be read still says that the auth token was not used for signing.
  'x-twilio-webhooks-signature-settings': v.fallback(v.nullish(v.string(), null), 'unreadable'),
});

/** The parts of an event that are used. Missing or non-text parts are blank, because Twilio cannot have signed them. */
const ReadableEvent = v.object({
  headers: v.fallback(Headers, v.parse(Headers, {})),
  rawPath: text,
  rawQueryString: text,
  requestContext: v.fallback(v.object({ domainName: text }), { domainName: '' }),
  body: text,
  isBase64Encoded: v.fallback(v.boolean(), false),
});

/**
 * Extracts URL, body and signature from the event as Twilio sent them. An unsigned request, and a body that cannot be a
 * form, are rejected here, before any outbound request.
 */
export function parseRequest(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithRawRequest> {
  return {
    before: ({ event, context }) => {
      const { headers, rawPath, rawQueryString, requestContext, ...body } = v.parse(ReadableEvent, event);
      const signature = headers['x-twilio-signature'];
      if (!signature) throw new InvalidSignatureError('The request has no X-Twilio-Signature');
      if (!FORM.test(headers['content-type'])) {
        throw new BadRequestError('not-a-form', 'The body must be application/x-www-form-urlencoded');
      }
      context.rawRequest = {
        // Never a forwarded header, which any client can set (twilio.md#the-signed-url).
        apiUrl: `https://${requestContext.domainName}`,
        target: rawPath + (rawQueryString && `?${rawQueryString}`),
        rawBody: readBody(body),
        signature,
        settings: headers['x-twilio-webhooks-signature-settings'],
      };
    },
  };
}

type Body = Pick<v.InferOutput<typeof ReadableEvent>, 'body' | 'isBase64Encoded'>;

function readBody({ body, isBase64Encoded }: Body): string {
  // Checked before parsing, because the expression overflows the stack at some megabytes.
  if (body.length > MAX_BASE64_LENGTH) throw tooLarge();
  if (isBase64Encoded && !BASE64.test(body))
    throw new BadRequestError('body', 'The body is not valid base64');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  return bytes.toString('utf8');
}

function tooLarge(): BadRequestError {
  return new BadRequestError('too-large', 'The body is larger than 64 kB');
}

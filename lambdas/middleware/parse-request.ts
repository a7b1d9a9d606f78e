import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { BadRequestError, InvalidSignatureError } from '../errors';
import type { WithRawRequest } from '../request/request-context';

const MOST_BODY_BYTES = 64 * 1_024;
const MOST_BASE64_LENGTH = 4 * Math.ceil(MOST_BODY_BYTES / 3);
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const text = v.fallback(v.string(), '');

const Headers = v.object({
  'x-twilio-signature': text,
  'content-type': text,
  // One that cannot be read still says that no auth token signed.
  'x-twilio-webhooks-signature-settings': v.fallback(v.nullish(v.string(), null), 'unreadable'),
});

/** Of an event what is read here. What is missing, or is no text, is blank: nobody can have signed that. */
const ReadableEvent = v.object({
  headers: v.fallback(Headers, v.parse(Headers, {})),
  rawPath: text,
  rawQueryString: text,
  requestContext: v.fallback(v.object({ domainName: text }), { domainName: '' }),
  body: text,
  isBase64Encoded: v.fallback(v.boolean(), false),
});

/**
 * Takes URL, body and signature out of the event as Twilio made them. What nobody signed is refused here, before
 * anything outside is asked, and so is what could not be a form however it is signed.
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
        // Never a forwarded header, which anybody can write (twilio.md#the-signed-url).
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
  // Before it is looked at: the expression overflows the stack at some megabytes.
  if (body.length > MOST_BASE64_LENGTH) throw tooLarge();
  if (isBase64Encoded && !BASE64.test(body)) throw new BadRequestError('body', 'The body is no base64');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MOST_BODY_BYTES) throw tooLarge();
  return bytes.toString('utf8');
}

function tooLarge(): BadRequestError {
  return new BadRequestError('too-large', 'The body is larger than 64 kB');
}

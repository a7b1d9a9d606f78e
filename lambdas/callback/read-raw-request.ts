import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { BadRequest, NotSigned } from '../errors/errors';
import type { WithConfiguration, WithRawRequest } from './callback-context';

const MOST_BODY_BYTES = 64 * 1_024;
const MOST_BASE64_LENGTH = 4 * Math.ceil(MOST_BODY_BYTES / 3);
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Takes URL, body and signature out of the event as Twilio saw them. What nobody signed is refused here, before
 * anything outside is asked, and so is what could not be a form however it is signed.
 */
export function readRawRequest(): MiddlewareObj<
  APIGatewayProxyEventV2,
  unknown,
  Error,
  WithConfiguration & WithRawRequest
> {
  return {
    before: ({ event, context }) => {
      const signature = event.headers['x-twilio-signature'];
      if (!signature) throw new NotSigned('The request has no X-Twilio-Signature');
      if (!FORM.test(event.headers['content-type'] ?? '')) {
        throw new BadRequest('not-a-form', 'The body must be application/x-www-form-urlencoded');
      }
      context.rawRequest = {
        url: publicUrl(event, context.configuration.publicBaseUrl),
        rawBody: readBody(event),
        signature,
      };
    },
  };
}

/**
 * The URL that Twilio was given: the custom domain's, which API Gateway does not tell in full, else the API's own.
 * Never a forwarded header, which anybody can write (Twilio contract 7.3).
 */
function publicUrl(
  { rawPath, rawQueryString, requestContext }: APIGatewayProxyEventV2,
  publicBaseUrl: string | null,
) {
  const base = publicBaseUrl ?? `https://${requestContext.domainName}`;
  return base + rawPath + (rawQueryString && `?${rawQueryString}`);
}

function readBody({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  // Before it is looked at: the expression overflows the stack at some megabytes.
  if (body.length > MOST_BASE64_LENGTH) throw tooLarge();
  if (isBase64Encoded && !BASE64.test(body)) throw new BadRequest('body', 'The body is no base64');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MOST_BODY_BYTES) throw tooLarge();
  return bytes.toString('utf8');
}

function tooLarge(): BadRequest {
  return new BadRequest('too-large', 'The body is larger than 64 kB');
}

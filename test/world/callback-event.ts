import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

export type CallbackEvent = APIGatewayProxyEventV2;

export interface Sending {
  /** Such as `/callbacks/crm`. */
  readonly path: string;
  readonly authToken?: string;
  /** The URL that Twilio signs. @default the API's own, `https://{domainName}{path}` */
  readonly signedUrl?: string;
  /** In place of the true signature; null leaves the header out. */
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** In place of the encoded parameters; the signature is still made over the parameters. */
  readonly rawBody?: string;
}

export const DOMAIN = 'abc123.execute-api.us-east-1.amazonaws.com';

/** A request of Twilio's as API Gateway hands it to a function, payload format 2.0, the form in base64. */
export function callbackEvent(
  parameters: Readonly<Record<string, string>>,
  { path, authToken = '', query = '', ...sending }: Sending,
): CallbackEvent {
  const url = sending.signedUrl ?? `https://${DOMAIN}${path}${query && `?${query}`}`;
  const signature =
    sending.signature === undefined
      ? getExpectedTwilioSignature(authToken, url, { ...parameters })
      : sending.signature;
  const body = sending.rawBody ?? new URLSearchParams(parameters).toString();
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: {
      host: DOMAIN,
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      ...(signature !== null && { 'x-twilio-signature': signature }),
      ...sending.headers,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'abc123',
      domainName: DOMAIN,
      domainPrefix: 'abc123',
      http: {
        method: 'POST',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'TwilioProxy/1.1',
      },
      requestId: 'request-1',
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '23/Nov/2026:10:00:00 +0000',
      timeEpoch: 1795428000000,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

/** An event on which a handler fails in a way that no code foresees. */
export function unforeseenEvent(): CallbackEvent {
  const event = callbackEvent({}, { path: '/callbacks/crm' });
  return {
    ...event,
    get headers(): never {
      throw new TypeError('nothing foresees this');
    },
  };
}

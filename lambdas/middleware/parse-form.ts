import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WithForm, WithRawRequest } from '../request/request-context';
import type { Form } from '../twilio/signature';

/** Decodes the form flat, with blanks and duplicates, as the signature check requires (twilio.md#signatures). */
export function parseForm(): MiddlewareObj<
  APIGatewayProxyEventV2,
  unknown,
  Error,
  WithRawRequest & WithForm
> {
  return {
    before: ({ context }) => {
      context.form = decodeForm(context.rawRequest.rawBody);
    },
  };
}

function decodeForm(body: string): Form {
  const values = new Map<string, string[]>();
  // The "&" is not part of the form: without it, a leading "?" of the body would be dropped as if it began a query.
  for (const [name, value] of new URLSearchParams(`&${body}`)) {
    const sameName = values.get(name);
    if (sameName === undefined) values.set(name, [value]);
    else sameName.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

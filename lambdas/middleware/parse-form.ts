import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WithForm, WithRawRequest } from '../request/request-context';
import type { Form } from '../twilio/signature';

/** Decodes the form flat, blanks and duplicates kept, as it has to be for the signature (twilio.md#signatures). */
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
  // The "&" is no part of the form: without it a body's leading "?" would be taken for a URL's and dropped.
  for (const [name, value] of new URLSearchParams(`&${body}`)) {
    const sameName = values.get(name);
    if (sameName === undefined) values.set(name, [value]);
    else sameName.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

import { parse } from 'node:querystring';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WithForm, WithRawRequest } from './callback-context';

/** Decodes the form flat, blanks and duplicates kept, as it has to be for the signature (Twilio contract 7.1). */
export function readForm(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, WithRawRequest & WithForm> {
  return {
    before: ({ context }) => {
      context.form = parse(context.rawRequest.rawBody, '&', '=', { maxKeys: 0 });
    },
  };
}

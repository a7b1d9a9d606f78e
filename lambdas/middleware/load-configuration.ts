import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readConfiguration } from '../config';
import type { WithConfiguration } from '../request/request-context';

/** Reads the configuration within the request, so that an invalid setting returns an error instead of a crash. */
export function loadConfiguration(): MiddlewareObj<
  APIGatewayProxyEventV2,
  unknown,
  Error,
  WithConfiguration
> {
  return {
    before: ({ context }) => {
      context.configuration = readConfiguration(process.env);
    },
  };
}

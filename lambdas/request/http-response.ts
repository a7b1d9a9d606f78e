import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ConfigurationError } from '../errors';
import { MAX_RESPONSE_BYTES } from '../twilio/callbacks';

export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** A JSON response. @throws {ConfigurationError} if it exceeds Frontline's limit. */
export function jsonResponse(body: unknown): HttpResponse {
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > MAX_RESPONSE_BYTES) {
    throw new ConfigurationError([
      'The response exceeds the 64 kB that Frontline accepts: shorten the cells that it contains',
    ]);
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: text };
}

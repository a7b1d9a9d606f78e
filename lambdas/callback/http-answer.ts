import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Misconfigured } from '../errors/errors';

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** Frontline takes no more (error 48003, Twilio contract 0). */
const MOST_ANSWER_BYTES = 64_000;

/** A JSON answer. @throws {Misconfigured} when it is more than Frontline takes. */
export function jsonAnswer(body: unknown): HttpAnswer {
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > MOST_ANSWER_BYTES) {
    throw new Misconfigured([
      'The answer is larger than the 64 kB that Frontline takes: shorten the cells it is made of',
    ]);
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: text };
}

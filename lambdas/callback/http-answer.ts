import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Misconfigured } from '../errors/errors';
import { ANSWER_BYTES } from '../frontline/answer-size';

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** A JSON answer. @throws {Misconfigured} when it is more than Frontline takes. */
export function jsonAnswer(body: unknown): HttpAnswer {
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > ANSWER_BYTES) {
    throw new Misconfigured([
      'The answer is larger than the 64 kB that Frontline takes: shorten the cells it is made of',
    ]);
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: text };
}

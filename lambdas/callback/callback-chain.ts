import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerErrors } from './answer-errors';
import { answerFailedEvents } from './answer-failed-events';
import type { CallbackName } from './callback-name';
import type { HttpAnswer } from './http-answer';
import { keepDeadline } from './keep-deadline';
import { loadConfiguration } from './load-configuration';
import { loadCredentials } from './load-credentials';
import { noteSubject } from './note-subject';
import { publishMetrics } from './publish-metrics';
import { readForm } from './read-form';
import { readRawRequest } from './read-raw-request';
import { verifyTwilioSignature } from './verify-twilio-signature';
import { writeLogLine } from './write-log-line';

/**
 * What stands before every callback's answer, in this order: each link leaves something on the context for those
 * behind it, and errors go the same way back.
 */
export function callbackChain(callback: CallbackName) {
  return (
    middy<APIGatewayProxyEventV2, HttpAnswer>({ timeoutEarlyInMillis: 0 })
      .use(writeLogLine(callback))
      .use(publishMetrics(callback))
      .use(answerFailedEvents(callback))
      .use(answerErrors())
      .use(keepDeadline(callback))
      .use(readRawRequest())
      .use(readForm())
      .use(loadCredentials())
      .use(verifyTwilioSignature())
      // Behind the signature, so that only Twilio is told which setting is wrong.
      .use(loadConfiguration())
      .use(noteSubject())
  );
}

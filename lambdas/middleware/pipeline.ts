import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerFailedEvents } from '../request/answer-failed-events';
import type { HttpResponse } from '../request/http-response';
import type { CallbackName } from '../twilio/callbacks';
import { loadConfiguration } from './load-configuration';
import { loadCredentials } from './load-credentials';
import { logRequest } from './log-request';
import { logRequestSubject } from './log-request-subject';
import { mapErrorsToHttp } from './map-errors-to-http';
import { parseForm } from './parse-form';
import { parseRequest } from './parse-request';
import { publishMetrics } from './publish-metrics';
import { startDeadline } from './start-deadline';
import { verifyTwilioSignature } from './verify-twilio-signature';

/** Middleware shared by all callbacks, in order. Each adds to the context; errors pass back through in reverse. */
export function callbackPipeline(callback: CallbackName) {
  return (
    middy<APIGatewayProxyEventV2, HttpResponse>({ timeoutEarlyInMillis: 0 })
      .use(logRequest(callback))
      .use(publishMetrics(callback))
      .use(answerFailedEvents(callback))
      .use(mapErrorsToHttp())
      .use(startDeadline(callback))
      .use(parseRequest())
      .use(parseForm())
      .use(loadCredentials())
      .use(verifyTwilioSignature())
      // After the signature check, so that only Twilio learns which setting is wrong.
      .use(loadConfiguration())
      .use(logRequestSubject())
  );
}

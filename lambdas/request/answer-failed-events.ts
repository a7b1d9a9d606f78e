import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import type { Configuration } from '../config';
import { AddedMessage, readKeywordMessage } from '../opt-out/message-keyword';
import { SERVICE_METRICS } from '../telemetry/metric-names';
import type { CallbackName } from '../twilio/callbacks';
import { conversationSid, messageSid } from '../twilio/parameters';
import type { Form } from '../twilio/signature';
import { type HttpResponse, jsonResponse } from './http-response';
import type { WithRequestLog } from './request-context';

/** The context that the pipeline had set before it failed. */
type Needs = WithRequestLog & { readonly form?: Form; readonly configuration?: Configuration };

/**
 * Handles a failure of the service (status 500 or more) for Conversations:
 *
 * - onConversationAdd: a 4xx or 5xx would lose the customer's first message (twilio.md#webhook-semantics), so the
 *   conversation is accepted. That response has no effect and reveals nothing, so it is safe even if the signature
 *   could not be checked.
 * - onMessageAdded with an opt-out: the opt-out is lost, because Twilio does not repeat it. A person has to set it by
 *   hand.
 */
export function answerFailedEvents(
  callback: CallbackName,
): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse, Error, Needs> {
  return {
    onError: (request) => {
      const { form } = request.context;
      if (callback !== 'twilio-conversations' || form === undefined) return;
      if ((request.response?.statusCode ?? 500) < 500) return;
      if (form['EventType'] === 'onConversationAdd') beginWithoutName(request);
      if (form['EventType'] === 'onMessageAdded') noteLostOptOut(request, form);
    },
  };
}

function beginWithoutName(request: Request<APIGatewayProxyEventV2, HttpResponse, Error, Needs>): void {
  request.context.requestLog.warn('The conversation starts without a name, because the service failed');
  request.response = jsonResponse({});
}

function noteLostOptOut(
  { context }: Request<APIGatewayProxyEventV2, HttpResponse, Error, Needs>,
  form: Form,
): void {
  const words = context.configuration ?? { optOutWords: [], optInWords: [] };
  const message = v.safeParse(AddedMessage, form);
  if (!message.success) return;
  if (readKeywordMessage(message.output, words, new Date())?.event.kind !== 'opt-out') return;
  context.requestLog.countEvent(SERVICE_METRICS.optOutsNotKept);
  context.requestLog.about({ event: 'onMessageAdded', ...sidsOf(message.output) });
  context.requestLog.warn(
    'An opt-out was NOT recorded: find the message in its conversation and set opt_out of the customer by hand',
  );
}

/** Only values that can be a SID, because the request may not come from Twilio. */
function sidsOf(message: AddedMessage) {
  return {
    ...(v.is(conversationSid, message.ConversationSid) && { conversationSid: message.ConversationSid }),
    ...(v.is(messageSid, message.MessageSid) && { messageSid: message.MessageSid }),
  };
}

import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WithForm, WithRequestLog } from '../request/request-context';
import type { Form } from '../twilio/signature';

/** Adds worker, customer and conversation to the log line, after the signature is verified. */
export function logRequestSubject(): MiddlewareObj<
  APIGatewayProxyEventV2,
  unknown,
  Error,
  WithRequestLog & WithForm
> {
  return {
    before: ({ context }) => {
      context.requestLog.about(subjectOf(context.form));
    },
  };
}

function subjectOf(form: Form) {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : undefined);
  const [location, event] = [text('Location'), text('EventType')];
  const worker = text('Worker') ?? text('ClientIdentity');
  const customerId = text('CustomerId');
  const [conversationSid, messageSid] = [text('ConversationSid'), text('MessageSid')];
  return {
    ...(location && { location }),
    ...(event && { event }),
    ...(worker && { worker }),
    ...(customerId && { customerId }),
    ...(conversationSid && { conversationSid }),
    ...(messageSid && { messageSid }),
  };
}

import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { chatDetail } from './inbox/chats/chat-detail';
import { closeChat } from './inbox/chats/close-chat';
import { listChats } from './inbox/chats/list-chats';
import { startChat } from './inbox/chats/start-chat';
import { takeChat } from './inbox/chats/take-chat';
import { transferChat } from './inbox/chats/transfer-chat';
import { createCustomer, customerDetail, listCustomers } from './inbox/customers/customers';
import { mapInboxErrors } from './inbox/http/map-inbox-errors';
import { routeInbox } from './inbox/http/router';
import { startInboxDeadline } from './inbox/http/start-inbox-deadline';
import { listMessages } from './inbox/messages/list-messages';
import { markRead } from './inbox/messages/mark-read';
import { mediaLink } from './inbox/messages/media-link';
import { sendMessage } from './inbox/messages/send-message';
import { chatTemplates, customerTemplates } from './inbox/templates/list-templates';
import { issueLiveTicket, listColleagues, openSession, setAvailability } from './inbox/workers/session';
import { loadConfiguration } from './middleware/load-configuration';
import { loadCredentials } from './middleware/load-credentials';
import { logRequest } from './middleware/log-request';
import { publishMetrics } from './middleware/publish-metrics';
import type { HttpResponse } from './request/http-response';
import type { CallbackHandler } from './request/request-context';

/** The API of the workers' inbox. Whose token it is, API Gateway's authorizer has verified. */
export const handler: CallbackHandler = middy<APIGatewayProxyEventV2, HttpResponse>({
  timeoutEarlyInMillis: 0,
})
  .use(logRequest('inbox-api'))
  .use(publishMetrics('inbox-api'))
  .use(mapInboxErrors())
  .use(startInboxDeadline())
  .use(loadCredentials())
  .use(loadConfiguration())
  .handler(
    routeInbox({
      session: (inbox, worker) => openSession(inbox, worker),
      setAvailability: (inbox, worker, { body }) => setAvailability(inbox, worker, body.isAvailable),
      liveTicket: (inbox, worker) => issueLiveTicket(inbox, worker),
      chats: (inbox, worker, { query }) => listChats(inbox, worker, query),
      chat: (inbox, worker, { params }) => chatDetail(inbox, worker, params.chatSid),
      messages: (inbox, worker, { params, query }) => listMessages(inbox, worker, params.chatSid, query),
      send: (inbox, worker, { params, body }) =>
        sendMessage({ inbox, worker, chatSid: params.chatSid, sendId: body.sendId }, body.content),
      read: (inbox, worker, { params, body }) => markRead(inbox, worker, params.chatSid, body.index),
      startChat: (inbox, worker, { body }) => startChat(inbox, worker, body),
      transfer: (inbox, worker, { params, body }) => transferChat(inbox, worker, params.chatSid, body.to),
      close: (inbox, worker, { params }) => closeChat(inbox, worker, params.chatSid),
      take: (inbox, worker, { params }) => takeChat(inbox, worker, params.chatSid),
      media: (inbox, worker, { params }) => mediaLink(inbox, worker, params),
      chatTemplates: (inbox, worker, { params }) => chatTemplates(inbox, worker, params.chatSid),
      colleagues: (inbox, worker) => listColleagues(inbox, worker),
      customers: (inbox, worker, { query }) => listCustomers(inbox, worker, query),
      addCustomer: (inbox, worker, { body }) => createCustomer(inbox, worker, body),
      customer: (inbox, worker, { params }) => customerDetail(inbox, worker, params.customerId),
      customerTemplates: (inbox, worker, { params, query }) =>
        customerTemplates(inbox, worker, params.customerId, query.channel),
    }),
  );

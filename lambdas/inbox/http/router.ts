import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import type { HttpResponse } from '../../request/http-response';
import type { RequestContext } from '../../request/request-context';
import { ChatSid, ROUTES, type RouteName, type RouteOutput } from '../api';
import { type Inbox, openInbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { requireActive } from '../workers/session';
import { limitRequests } from './limit-requests';
import { type RouteRequest, readPart, readRequest, subjectOf } from './read-request';

/** What a route does with its checked request. */
type RouteHandlers = {
  readonly [TName in RouteName]: (
    inbox: Inbox,
    worker: WorkerRecord,
    request: RouteRequest<TName>,
  ) => Promise<RouteOutput<TName>>;
};

/** A route without its types, so that one loop serves all. */
type Serve = (inbox: Inbox, worker: WorkerRecord, parts: Parts) => Promise<unknown>;
type Parts = Readonly<Record<'params' | 'query' | 'body', unknown>>;

/** Serves the API: the worker of the token's subject first, then the route. */
export function routeInbox(handlers: RouteHandlers) {
  const served = serveAll(handlers);
  return async (event: APIGatewayProxyEventV2, context: RequestContext): Promise<HttpResponse> => {
    const subject = subjectOf(event);
    const { name, ...parts } = readRequest(event);
    context.requestLog.about({ location: name });
    const inbox = openInbox(context);
    // At once, so that counting takes no time of its own.
    const [found, throttled] = await Promise.all([
      inbox.workers.find(subject),
      limitRequests(inbox, subject, name),
    ]);
    const worker = requireActive(found);
    context.requestLog.about({
      worker: worker.identity,
      ...(v.is(ChatSid, parts.params['chatSid']) && { conversationSid: parts.params['chatSid'] }),
    });
    if (throttled !== null) throw throttled;
    const result = await served[name](inbox, worker, parts);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(result),
    };
  };
}

function serveAll(handlers: RouteHandlers): Readonly<Record<RouteName, Serve>> {
  const serve = <TName extends RouteName>(name: TName): Serve => {
    const { params, query, body } = ROUTES[name];
    return (inbox, worker, parts) =>
      handlers[name](inbox, worker, {
        params: readPart(params, parts.params),
        query: readPart(query, parts.query),
        body: readPart(body, parts.body),
      });
  };
  return {
    session: serve('session'),
    setAvailability: serve('setAvailability'),
    liveTicket: serve('liveTicket'),
    chats: serve('chats'),
    chat: serve('chat'),
    messages: serve('messages'),
    send: serve('send'),
    read: serve('read'),
    startChat: serve('startChat'),
    transfer: serve('transfer'),
    close: serve('close'),
    take: serve('take'),
    media: serve('media'),
    chatTemplates: serve('chatTemplates'),
    colleagues: serve('colleagues'),
    customers: serve('customers'),
    addCustomer: serve('addCustomer'),
    customer: serve('customer'),
    customerTemplates: serve('customerTemplates'),
  };
}

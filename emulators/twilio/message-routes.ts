import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Message } from './conversation';
import { baseOf, originOf, type Resources } from './conversation-routes';
import { formIn } from './form';
import { messageChangesIn, messageDraftIn } from './message-form';
import { page } from './paging';
import { pathOf } from './request-guard';
import { notFound } from './twilio-errors';

type OfConversation = { Params: { key: string } };
type OfMessage = { Params: { key: string; message: string } };
type OfReceipt = { Params: { key: string; message: string; receipt: string } };

/** Messages of a conversation and their delivery receipts. */
export function messageRoutes(app: FastifyInstance, { actions, show, media, contents }: Resources): void {
  const { store, messages } = actions;
  const path = '/Conversations/:key/Messages';

  app.get<OfConversation>(path, async (request) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    const ascending = messages.list(sid);
    const isDescending = formIn(request.query)['Order']?.toLowerCase() === 'desc';
    return page(isDescending ? ascending.reverse() : ascending, {
      key: 'messages',
      url: `${baseOf(request)}/Conversations/${sid}/Messages`,
      query: request.query,
      filters: ['Order'],
      represent: (message) => shown(message, request),
    });
  });

  app.post<OfConversation>(path, async (request, reply) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    const draft = messageDraftIn(request.body, { participants: store.participants(sid), media, contents });
    const message = await actions.addMessage(sid, draft, originOf(request));
    return reply.code(201).send(shown(message, request));
  });

  app.get<OfMessage>(`${path}/:message`, async (request) => shown(messageOf(request), request));

  app.post<OfMessage>(`${path}/:message`, async (request) => {
    const changes = messageChangesIn(request.body);
    const message = await actions.updateMessage(messageOf(request), changes, originOf(request));
    return shown(message, request);
  });

  app.delete<OfMessage>(`${path}/:message`, async (request, reply) => {
    await actions.removeMessage(messageOf(request), originOf(request));
    return reply.code(204).send();
  });

  app.get<OfMessage>(`${path}/:message/Receipts`, async (request) => {
    const message = messageOf(request);
    return page(messages.receipts(message.sid), {
      key: 'delivery_receipts',
      url: `${show.messageUrl(message, baseOf(request))}/Receipts`,
      query: request.query,
      maxPageSize: 50,
      represent: (receipt) => show.receipt(receipt, baseOf(request)),
    });
  });

  app.get<OfReceipt>(`${path}/:message/Receipts/:receipt`, async (request) => {
    const receipts = messages.receipts(messageOf(request).sid);
    const receipt = receipts.find(({ sid }) => sid === request.params.receipt);
    if (receipt === undefined) throw notFound(pathOf(request));
    return show.receipt(receipt, baseOf(request));
  });

  function messageOf(request: FastifyRequest<OfMessage>): Message {
    const { sid } = store.get(request.params.key, pathOf(request));
    const message = messages.find(sid, request.params.message);
    if (message === undefined) throw notFound(pathOf(request));
    return message;
  }

  function shown(message: Message, request: FastifyRequest<OfConversation>) {
    return show.message(message, messages.receipts(message.sid), baseOf(request));
  }
}

import type { FastifyInstance } from 'fastify';
import { baseOf, originOf, type Resources } from './conversation-routes';
import { formIn, take } from './form';
import { page } from './paging';
import { pathOf } from './request-guard';
import { notFound } from './twilio-errors';

/** Messages of a conversation: list, create, fetch. */
export function messageRoutes(app: FastifyInstance, { actions, show }: Resources): void {
  const { store } = actions;

  app.get<{ Params: { key: string } }>('/Conversations/:key/Messages', async (request) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    const messages = store.messages(sid);
    return page(formIn(request.query)['Order'] === 'desc' ? messages.reverse() : messages, {
      key: 'messages',
      url: `${baseOf(request)}/Conversations/${sid}/Messages`,
      query: request.query,
      represent: (message) => show.message(message, baseOf(request)),
    });
  });

  app.post<{ Params: { key: string } }>('/Conversations/:key/Messages', async (request, reply) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    const form = take(request.body, 'Author', 'Body', 'Attributes');
    // Twilio links a message to its author if they are a participant.
    const author = form.Author ?? 'system';
    const participant = store
      .participants(sid)
      .find(({ identity, messagingBinding }) => author === identity || author === messagingBinding?.address);
    const draft = {
      author,
      body: form.Body ?? '',
      attributes: form.Attributes,
      participantSid: participant?.sid,
    };
    const message = await actions.addMessage(sid, draft, originOf(request));
    return reply.code(201).send(show.message(message, baseOf(request)));
  });

  app.get<{ Params: { key: string; message: string } }>(
    '/Conversations/:key/Messages/:message',
    async (request) => {
      const { sid } = store.get(request.params.key, pathOf(request));
      const message = store.messages(sid).find((one) => one.sid === request.params.message);
      if (message === undefined) throw notFound(pathOf(request));
      return show.message(message, baseOf(request));
    },
  );
}

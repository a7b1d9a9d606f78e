import type { FastifyInstance } from 'fastify';
import type { Participant } from './conversation';
import { baseOf, originOf, type Resources } from './conversation-routes';
import { formIn, take } from './form';
import { page } from './paging';
import { pathOf } from './request-guard';
import { notFound, twilioError } from './twilio-errors';

type OfConversation = { Params: { key: string } };
type OfParticipant = { Params: { key: string; participant: string } };

/** The participants of a conversation, and the conversations of a participant. */
export function participantRoutes(app: FastifyInstance, { actions, show }: Resources): void {
  const { store } = actions;

  app.get<OfConversation>('/Conversations/:key/Participants', async (request) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    return page(store.participants(sid), {
      key: 'participants',
      url: `${baseOf(request)}/Conversations/${sid}/Participants`,
      query: request.query,
      represent: (participant) => show.participant(participant, baseOf(request)),
    });
  });

  app.post<OfConversation>('/Conversations/:key/Participants', async (request, reply) => {
    const { sid } = store.get(request.params.key, pathOf(request));
    const form = take(
      request.body,
      'Identity',
      'MessagingBinding.Address',
      'MessagingBinding.ProxyAddress',
      'Attributes',
      'RoleSid',
    );
    const draft = {
      identity: form.Identity,
      address: form['MessagingBinding.Address'],
      proxyAddress: form['MessagingBinding.ProxyAddress'],
      attributes: form.Attributes,
      roleSid: form.RoleSid,
    };
    const participant = await actions.addParticipant(sid, draft, originOf(request));
    return reply.code(201).send(show.participant(participant, baseOf(request)));
  });

  app.get<OfParticipant>('/Conversations/:key/Participants/:participant', async (request) => {
    const { key, participant: sidOrIdentity } = request.params;
    const participant = participantIn(
      key,
      pathOf(request),
      ({ sid, identity }) => sid === sidOrIdentity || identity === sidOrIdentity,
    );
    return show.participant(participant, baseOf(request));
  });

  app.post<OfParticipant>('/Conversations/:key/Participants/:participant', async (request) => {
    const { key, participant: wanted } = request.params;
    const participant = participantIn(key, pathOf(request), ({ sid }) => sid === wanted);
    const form = take(
      request.body,
      ...(['Attributes', 'Identity', 'RoleSid', 'LastReadMessageIndex', 'LastReadTimestamp'] as const),
    );
    const changes = {
      attributes: form.Attributes,
      identity: form.Identity,
      roleSid: form.RoleSid,
      lastReadMessageIndex: readIndexIn(form.LastReadMessageIndex),
      lastReadTimestamp: form.LastReadTimestamp,
    };
    const updated = await actions.updateParticipant(participant, changes, originOf(request));
    return show.participant(updated, baseOf(request));
  });

  app.delete<OfParticipant>('/Conversations/:key/Participants/:participant', async (request, reply) => {
    const { key, participant: wanted } = request.params;
    const participant = participantIn(key, pathOf(request), ({ sid }) => sid === wanted);
    await actions.removeParticipant(participant, originOf(request));
    return reply.code(204).send();
  });

  app.get('/ParticipantConversations', async (request) => {
    const { Identity, Address } = formIn(request.query);
    if ((Identity === undefined) === (Address === undefined)) throw twilioError('lookUpByOne');
    const found = store
      .everyParticipant()
      .filter(({ identity, messagingBinding }) =>
        Identity === undefined ? messagingBinding?.address === Address : identity === Identity,
      );
    return page(found, {
      key: 'conversations',
      url: `${baseOf(request)}/ParticipantConversations`,
      query: request.query,
      filters: ['Identity', 'Address'],
      maxPageSize: 50,
      represent: (participant) =>
        show.participation(participant, store.get(participant.conversationSid), baseOf(request)),
    });
  });

  function participantIn(
    key: string,
    path: string,
    isIt: (participant: Participant) => boolean,
  ): Participant {
    const participant = store.participants(store.get(key, path).sid).find(isIt);
    if (participant === undefined) throw notFound(path);
    return participant;
  }
}

/** An empty text or `null` removes the read horizon. @throws {TwilioError} 50421 */
export function readIndexIn(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === '' || text === 'null') return null;
  if (!/^\d+$/.test(text)) throw twilioError('readIndexInvalid');
  return Number(text);
}

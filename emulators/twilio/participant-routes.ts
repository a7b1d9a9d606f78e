import { json } from '../core/http-response';
import type { Participant } from './conversation';
import type { Resources } from './conversation-routes';
import { formOf, take } from './form';
import { page } from './paging';
import { NO_CONTENT, originOf, type RestCall, type RestRoutes } from './rest-call';
import { notFound, twilioError } from './twilio-errors';

/** The participants of a conversation, and the conversations of a participant. */
export function participantRoutes({ actions, show }: Resources): RestRoutes {
  const { store } = actions;
  const path = '/Conversations/:key/Participants';
  const conversationOf = (call: RestCall) => store.get(call.param('key'), call.path);

  /** Only fetching takes an identity too. */
  function participantOf(call: RestCall, takesIdentity = false): Participant {
    const wanted = call.param('participant');
    const participant = store
      .participants(conversationOf(call).sid)
      .find(({ sid, identity }) => sid === wanted || (takesIdentity && identity === wanted));
    if (participant === undefined) throw notFound(call.path);
    return participant;
  }

  return {
    [`GET ${path}`]: (call) => {
      const { sid } = conversationOf(call);
      return page(store.participants(sid), {
        key: 'participants',
        url: `${call.base}/Conversations/${sid}/Participants`,
        query: call.query,
        represent: (participant) => show.participant(participant, call.base),
      });
    },

    [`POST ${path}`]: async (call) => {
      const { sid } = conversationOf(call);
      const form = take(
        call.form,
        ...(['Identity', 'MessagingBinding.Address', 'MessagingBinding.ProxyAddress'] as const),
        ...(['Attributes', 'RoleSid'] as const),
      );
      const draft = {
        identity: form.Identity,
        address: form['MessagingBinding.Address'],
        proxyAddress: form['MessagingBinding.ProxyAddress'],
        attributes: form.Attributes,
        roleSid: form.RoleSid,
      };
      const participant = await actions.addParticipant(sid, draft, originOf(call));
      return json(show.participant(participant, call.base), 201);
    },

    [`GET ${path}/:participant`]: (call) => json(show.participant(participantOf(call, true), call.base)),

    [`POST ${path}/:participant`]: async (call) => {
      const participant = participantOf(call);
      const form = take(
        call.form,
        ...(['Attributes', 'Identity', 'RoleSid', 'LastReadMessageIndex', 'LastReadTimestamp'] as const),
      );
      const changes = {
        attributes: form.Attributes,
        identity: form.Identity,
        roleSid: form.RoleSid,
        lastReadMessageIndex: readIndexIn(form.LastReadMessageIndex),
        lastReadTimestamp: form.LastReadTimestamp,
      };
      const updated = await actions.updateParticipant(participant, changes, originOf(call));
      return json(show.participant(updated, call.base));
    },

    [`DELETE ${path}/:participant`]: async (call) => {
      await actions.removeParticipant(participantOf(call), originOf(call));
      return NO_CONTENT;
    },

    'GET /ParticipantConversations': (call) => {
      const { Identity, Address } = formOf(call.query);
      if ((Identity === undefined) === (Address === undefined)) throw twilioError('lookUpByOne');
      const found = store
        .everyParticipant()
        .filter(({ identity, messagingBinding }) =>
          Identity === undefined ? messagingBinding?.address === Address : identity === Identity,
        );
      return page(found, {
        key: 'conversations',
        url: `${call.base}/ParticipantConversations`,
        query: call.query,
        filters: ['Identity', 'Address'],
        maxPageSize: 50,
        represent: (participant) =>
          show.participation(participant, store.get(participant.conversationSid), call.base),
      });
    },
  };
}

/** An empty text or `null` removes the read horizon. @throws {TwilioError} 50421 */
export function readIndexIn(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === '' || text === 'null') return null;
  if (!/^\d+$/.test(text)) throw twilioError('readIndexInvalid');
  return Number(text);
}

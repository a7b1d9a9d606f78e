import { json } from '../core/http-response';
import type { Message } from './conversation';
import type { Resources } from './conversation-routes';
import { formOf } from './form';
import { messageChangesIn, messageDraftIn } from './message-form';
import { page } from './paging';
import { NO_CONTENT, originOf, type RestCall, type RestRoutes } from './rest-call';
import { notFound } from './twilio-errors';

/** Messages of a conversation and their delivery receipts. */
export function messageRoutes({ actions, show, media, contents }: Resources): RestRoutes {
  const { store, messages } = actions;
  const path = '/Conversations/:key/Messages';
  const conversationOf = (call: RestCall) => store.get(call.param('key'), call.path);
  const shown = (message: Message, { base }: RestCall) =>
    show.message(message, messages.receipts(message.sid), base);

  function messageOf(call: RestCall): Message {
    const message = messages.find(conversationOf(call).sid, call.param('message'));
    if (message === undefined) throw notFound(call.path);
    return message;
  }

  return {
    [`GET ${path}`]: (call) => {
      const { sid } = conversationOf(call);
      const ascending = messages.list(sid);
      const isDescending = formOf(call.query)['Order']?.toLowerCase() === 'desc';
      return page(isDescending ? ascending.reverse() : ascending, {
        key: 'messages',
        url: `${call.base}/Conversations/${sid}/Messages`,
        query: call.query,
        filters: ['Order'],
        represent: (message) => shown(message, call),
      });
    },

    [`POST ${path}`]: async (call) => {
      const { sid } = conversationOf(call);
      const draft = messageDraftIn(call.form, { participants: store.participants(sid), media, contents });
      return json(shown(await actions.addMessage(sid, draft, originOf(call)), call), 201);
    },

    [`GET ${path}/:message`]: (call) => json(shown(messageOf(call), call)),

    [`POST ${path}/:message`]: async (call) => {
      const message = messageOf(call);
      const changes = messageChangesIn(call.form);
      return json(shown(await actions.updateMessage(message, changes, originOf(call)), call));
    },

    [`DELETE ${path}/:message`]: async (call) => {
      await actions.removeMessage(messageOf(call), originOf(call));
      return NO_CONTENT;
    },

    [`GET ${path}/:message/Receipts`]: (call) => {
      const message = messageOf(call);
      return page(messages.receipts(message.sid), {
        key: 'delivery_receipts',
        url: `${show.messageUrl(message, call.base)}/Receipts`,
        query: call.query,
        maxPageSize: 50,
        represent: (receipt) => show.receipt(receipt, call.base),
      });
    },

    [`GET ${path}/:message/Receipts/:receipt`]: (call) => {
      const receipts = messages.receipts(messageOf(call).sid);
      const receipt = receipts.find(({ sid }) => sid === call.param('receipt'));
      if (receipt === undefined) throw notFound(call.path);
      return json(show.receipt(receipt, call.base));
    },
  };
}

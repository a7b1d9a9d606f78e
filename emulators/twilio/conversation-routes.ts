import * as v from 'valibot';
import { json } from '../core/http-response';
import type { Actions } from './actions';
import type { ContentStore } from './content-store';
import { CONVERSATION_STATES, type ConversationDraft, type ConversationState } from './conversation';
import { formOf, take } from './form';
import type { MediaStore } from './media-store';
import { dateIn } from './message-form';
import { page } from './paging';
import type { Representation } from './representation';
import { NO_CONTENT, originOf, type RestCall, type RestRoutes } from './rest-call';
import { readTimer } from './timers';
import { twilioError } from './twilio-errors';

/** The dependencies that all resources' routes share. */
export interface Resources {
  readonly actions: Actions;
  readonly show: Representation;
  readonly media: MediaStore;
  readonly contents: ContentStore;
}

/** Conversations: list, create, fetch by SID or unique name, update, delete. */
export function conversationRoutes({ actions, show }: Resources): RestRoutes {
  const { store } = actions;
  const conversationOf = (call: RestCall) => store.get(call.param('key'), call.path);

  return {
    'GET /Conversations': (call) =>
      page(listed(call.query), {
        key: 'conversations',
        url: `${call.base}/Conversations`,
        query: call.query,
        filters: ['State', 'StartDate', 'EndDate'],
        represent: (conversation) => show.conversation(conversation, call.base),
      }),

    'POST /Conversations': async (call) => {
      const conversation = await actions.createConversation(draftIn(call.form), originOf(call));
      return json(show.conversation(conversation, call.base), 201);
    },

    'GET /Conversations/:key': (call) => json(show.conversation(conversationOf(call), call.base)),

    'POST /Conversations/:key': async (call) => {
      const conversation = conversationOf(call);
      const updated = await actions.updateConversation(conversation, draftIn(call.form), originOf(call));
      return json(show.conversation(updated, call.base));
    },

    'DELETE /Conversations/:key': async (call) => {
      await actions.removeConversation(conversationOf(call), originOf(call));
      return NO_CONTENT;
    },
  };

  /** By creation; newest first if a date limits the list. */
  function listed(query: URLSearchParams) {
    const { State, StartDate, EndDate } = formOf(query);
    const state = State === undefined ? undefined : stateIn(State);
    const from = dateIn('StartDate', StartDate);
    const until = dateIn('EndDate', EndDate);
    const found = store
      .list()
      .filter((one) => state === undefined || one.state === state)
      .filter(({ dateCreated }) => from === undefined || dateCreated >= from)
      .filter(({ dateCreated }) => until === undefined || dateCreated <= until);
    return from === undefined && until === undefined ? found : found.reverse();
  }
}

function draftIn(body: URLSearchParams): ConversationDraft {
  const form = take(
    body,
    ...(['FriendlyName', 'UniqueName', 'Attributes', 'State', 'MessagingServiceSid'] as const),
    ...(['Timers.Inactive', 'Timers.Closed'] as const),
  );
  const {
    'Timers.Inactive': inactive,
    'Timers.Closed': closed,
    MessagingServiceSid: messagingService,
  } = form;
  if (messagingService !== undefined && !/^MG[0-9a-f]{32}$/i.test(messagingService)) {
    throw twilioError('invalidParameter', `${messagingService} is not a messaging service`);
  }
  const timers = {
    ...(inactive !== undefined && { inactive: readTimer('inactive', inactive) }),
    ...(closed !== undefined && { closed: readTimer('closed', closed) }),
  };
  return {
    friendlyName: form.FriendlyName,
    uniqueName: form.UniqueName,
    attributes: form.Attributes,
    state: form.State === undefined ? undefined : stateIn(form.State),
    messagingServiceSid: messagingService,
    timers: Object.keys(timers).length === 0 ? undefined : timers,
  };
}

/** Twilio accepts states in any case. */
function stateIn(text: string): ConversationState {
  const state = v.safeParse(v.picklist(CONVERSATION_STATES), text.toLowerCase());
  if (!state.success) throw twilioError('stateInvalid');
  return state.output;
}

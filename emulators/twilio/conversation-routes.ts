import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { Actions } from './actions';
import type { ContentStore } from './content-store';
import { CONVERSATION_STATES, type ConversationDraft, type ConversationState } from './conversation';
import type { Origin } from './events';
import { formIn, take } from './form';
import type { MediaStore } from './media-store';
import { dateIn } from './message-form';
import { page } from './paging';
import type { Representation } from './representation';
import { pathOf } from './request-guard';
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
export function conversationRoutes(app: FastifyInstance, { actions, show }: Resources): void {
  const { store } = actions;

  app.get('/Conversations', async (request) =>
    page(listed(request.query), {
      key: 'conversations',
      url: `${baseOf(request)}/Conversations`,
      query: request.query,
      filters: ['State', 'StartDate', 'EndDate'],
      represent: (conversation) => show.conversation(conversation, baseOf(request)),
    }),
  );

  app.post('/Conversations', async (request, reply) => {
    const conversation = await actions.createConversation(draftIn(request.body), originOf(request));
    return reply.code(201).send(show.conversation(conversation, baseOf(request)));
  });

  app.get<{ Params: { key: string } }>('/Conversations/:key', async (request) =>
    show.conversation(store.get(request.params.key, pathOf(request)), baseOf(request)),
  );

  app.post<{ Params: { key: string } }>('/Conversations/:key', async (request) => {
    const conversation = store.get(request.params.key, pathOf(request));
    const changes = draftIn(request.body);
    const updated = await actions.updateConversation(conversation, changes, originOf(request));
    return show.conversation(updated, baseOf(request));
  });

  app.delete<{ Params: { key: string } }>('/Conversations/:key', async (request, reply) => {
    await actions.removeConversation(store.get(request.params.key, pathOf(request)), originOf(request));
    return reply.code(204).send();
  });

  /** By creation; newest first if a date limits the list. */
  function listed(query: unknown) {
    const { State, StartDate, EndDate } = formIn(query);
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

/** The resource's base URL as the caller used it: origin, version and, if named, the service. */
export function baseOf(request: FastifyRequest): string {
  const [prefix] = /^\/v1(\/Services\/[^/]+)?/.exec(request.url) ?? [''];
  return `${request.protocol}://${request.host}${prefix}`;
}

/** REST fires events only if the call requests it (twilio.md#webhook-semantics). */
export function originOf(request: FastifyRequest): Origin {
  return { source: 'API', firesEvents: request.headers['x-twilio-webhook-enabled'] === 'true', sent: [] };
}

function draftIn(body: unknown): ConversationDraft {
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

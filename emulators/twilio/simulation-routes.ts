import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { sendAsAppUser } from './app-user';
import type { Conversation } from './conversation';
import { baseOf, type Resources } from './conversation-routes';
import type { Inbound } from './inbound';
import { TwilioError } from './twilio-errors';
import type { SentWebhook } from './webhook-sender';

/** `curl -d From=+1555…` sends the plus sign as a space. */
const address = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/^(whatsapp:)? /, '$1+')),
);

const InboundRequest = v.object({ From: address, To: v.optional(address), Body: v.string() });
const WorkerRequest = v.object({ Identity: v.string(), ConversationSid: v.string(), Body: v.string() });

/** Simulates a customer's phone and a worker's app, for use with curl. Not part of Twilio. */
export function simulationRoutes(
  app: FastifyInstance,
  { actions, show }: Pick<Resources, 'actions' | 'show'>,
  inbound: Inbound,
): void {
  const { store, messages } = actions;

  app.post('/simulate/inbound', async (request, reply) => {
    const { From, To, Body } = v.parse(InboundRequest, request.body);
    const received = await inbound.receive({ from: From, to: To, body: Body });
    const conversation = received.conversationSid === null ? undefined : store.find(received.conversationSid);
    return reply.code(received.accepted ? 200 : 409).send({
      accepted: received.accepted,
      error: received.error?.body ?? null,
      autocreated: received.autocreated,
      message_sid: received.messageSid,
      webhooks: received.webhooks.map(summary),
      conversation: conversation === undefined ? null : whole(conversation, request),
    });
  });

  app.post('/simulate/worker-message', async (request, reply) => {
    const { Identity, ConversationSid, Body } = v.parse(WorkerRequest, request.body);
    const message = { identity: Identity, conversationSid: ConversationSid, body: Body };
    const sent = await sendAsAppUser(actions, message);
    return reply.code(sent.accepted ? 200 : 409).send({
      accepted: sent.accepted,
      error: sent.error?.body ?? null,
      message_sid: sent.messageSid,
      webhooks: sent.webhooks.map(summary),
    });
  });

  app.get('/simulate/conversations', async (request) => ({
    conversations: store.list().map((conversation) => whole(conversation, request)),
  }));

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof TwilioError) return reply.code(error.status).send(error.body);
    if (!(error instanceof v.ValiError)) return reply.send(error);
    const problems = error.issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'The body'} is missing or not a string`,
    );
    return reply.code(400).send({ message: `${problems.join('; ')}. Send a form or JSON.` });
  });

  function whole(conversation: Conversation, request: FastifyRequest) {
    const { sid, problems } = conversation;
    const base = `${baseOf(request)}/v1`;
    return {
      ...show.conversation(conversation, base),
      problems,
      participants: store.participants(sid).map((participant) => show.participant(participant, base)),
      messages: messages
        .list(sid)
        .map((message) => show.message(message, messages.receipts(message.sid), base)),
    };
  }
}

function summary({ event, url, status, body, error }: SentWebhook) {
  return { event, url, status, body, ...(error !== undefined && { error }) };
}

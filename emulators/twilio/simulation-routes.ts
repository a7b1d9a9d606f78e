import * as v from 'valibot';
import { type HttpResponse, json } from '../core/http-response';
import type { Actions } from './actions';
import type { Conversation } from './conversation';
import { formOf } from './form';
import { type SentMessage, sendAsAppUser, startAsAppUser } from './frontline-users';
import type { Inbound } from './inbound';
import type { Representation } from './representation';
import { isForm, type RestCall, type RestRoutes } from './rest-call';
import { TwilioError } from './twilio-errors';
import type { SentWebhook } from './webhook-sender';

/** `curl -d From=+1555…` sends the plus sign as a space. */
const address = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/^(whatsapp:)? /, '$1+')),
);

const InboundRequest = v.object({ From: address, To: v.optional(address), Body: v.string() });
const WorkerRequest = v.object({ Identity: v.string(), ConversationSid: v.string(), Body: v.string() });
const StartRequest = v.object({
  Identity: v.string(),
  Address: address,
  ProxyAddress: address,
  FriendlyName: v.string(),
  Body: v.string(),
});

interface Simulation {
  readonly actions: Actions;
  readonly show: Representation;
  readonly inbound: Inbound;
}

/** Simulates a customer's phone and a worker's app, for use with curl. Not part of Twilio. */
export function simulationRoutes({ actions, show, inbound }: Simulation): RestRoutes {
  const { store, messages } = actions;

  function whole(conversation: Conversation, { origin }: RestCall) {
    const { sid, problems } = conversation;
    const base = `${origin}/v1`;
    return {
      ...show.conversation(conversation, base),
      problems,
      participants: store.participants(sid).map((participant) => show.participant(participant, base)),
      messages: messages
        .list(sid)
        .map((message) => show.message(message, messages.receipts(message.sid), base)),
    };
  }

  function respond(
    { accepted, error, messageSid, webhooks }: SentMessage,
    conversationSid: string | null,
    call: RestCall,
    more: { readonly autocreated?: boolean } = {},
  ): HttpResponse {
    const conversation = conversationSid === null ? undefined : store.find(conversationSid);
    const outcome = {
      accepted,
      error: error?.body ?? null,
      message_sid: messageSid,
      webhooks: webhooks.map(summary),
      conversation: conversation === undefined ? null : whole(conversation, call),
      ...more,
    };
    return json(outcome, accepted ? 200 : 409);
  }

  return {
    'POST /simulate/inbound': async (call) => {
      const { From, To, Body } = v.parse(InboundRequest, bodyOf(call));
      const received = await inbound.receive({ from: From, to: To, body: Body });
      const { autocreated, conversationSid } = received;
      return respond(received, conversationSid, call, { autocreated });
    },

    'POST /simulate/worker-message': async (call) => {
      const { Identity, ConversationSid, Body } = v.parse(WorkerRequest, bodyOf(call));
      const message = { identity: Identity, conversationSid: ConversationSid, body: Body };
      return respond(await sendAsAppUser(actions, message), ConversationSid, call);
    },

    'POST /simulate/conversation': async (call) => {
      const { Identity, Address, ProxyAddress, FriendlyName, Body } = v.parse(StartRequest, bodyOf(call));
      const started = await startAsAppUser(actions, {
        identity: Identity,
        address: Address,
        proxyAddress: ProxyAddress,
        friendlyName: FriendlyName,
        body: Body,
      });
      return respond(started, started.conversationSid, call);
    },

    'GET /simulate/conversations': (call) =>
      json({ conversations: store.list().map((conversation) => whole(conversation, call)) }),
  };
}

/** The response to a simulation that is not possible; undefined for any other error. */
export function simulationError(error: unknown): HttpResponse | undefined {
  if (error instanceof TwilioError) return json(error.body, error.status);
  if (!(error instanceof v.ValiError)) return undefined;
  const problems = error.issues.map(
    (issue) => `${v.getDotPath(issue) ?? 'The body'} is missing or not a string`,
  );
  return json({ message: `${problems.join('; ')}. Send a form or JSON.` }, 400);
}

function bodyOf(call: RestCall): unknown {
  if (isForm(call)) return formOf(call.form);
  try {
    return JSON.parse(call.body);
  } catch {
    return null;
  }
}

function summary({ event, url, status, body, error }: SentWebhook) {
  return { event, url, status, body, ...(error !== undefined && { error }) };
}

import * as v from 'valibot';
import { startSync } from './container';
import { explainDeliveryFailure, OUTSIDE_WINDOW } from './conversation/delivery-failures';
import { introduceCustomer } from './conversation/introduce-customer';
import { bareName, nameConversation, nameFor } from './conversation/name-conversation';
import { errorMessage, NotFoundError } from './errors';
import { tellInbox } from './inbox/queue/tell-inbox';
import { callbackPipeline } from './middleware/pipeline';
import { rejectOptedOut } from './opt-out/guard';
import { AddedMessage, readKeywordMessage } from './opt-out/message-keyword';
import { recordOptOut } from './opt-out/record';
import { parseAddress } from './phone-number/address';
import { openCustomerRepository, openOptOuts } from './request/open-customer-repository';
import type { CallbackHandler, RequestContext } from './request/request-context';
import { endpoint, routeByEventType } from './request/router';
import { SERVICE_METRICS } from './telemetry/metric-names';
import { openConversation } from './twilio/conversation';
import { conversationSid, lenientText, participantSid, serviceSid } from './twilio/parameters';

const InConversation = { ConversationSid: conversationSid, ChatServiceSid: serviceSid };
/** The customer's address; null if a worker began or joined, or if the address is not a number. */
const customerAddress = v.pipe(lenientText, v.transform(parseAddress));

/** Reserved for the response, at the end of the time that Twilio waits: it is sent even without the customer. */
const LOOKUP_RESERVE_MS = 300;

const ConversationAdd = v.object({ 'MessagingBinding.Address': customerAddress, Attributes: lenientText });

/** An error here would lose the customer's message, so every failure still accepts the conversation. */
async function onConversationAdd(parameters: v.InferOutput<typeof ConversationAdd>, context: RequestContext) {
  const address = parameters['MessagingBinding.Address'];
  if (address === null) return {};
  const deadline = context.deadline.leaving(LOOKUP_RESERVE_MS);
  try {
    const customers = openCustomerRepository({ ...context, deadline });
    return await deadline.race(nameFor(address, parameters.Attributes, customers));
  } catch (error) {
    context.requestLog.warn(`The conversation is named after its number: ${errorMessage(error)}`);
    return bareName(address);
  }
}

const ConversationAdded = v.object({
  ...InConversation,
  'MessagingBinding.Address': customerAddress,
  FriendlyName: lenientText,
});

async function onConversationAdded(
  parameters: v.InferOutput<typeof ConversationAdded>,
  context: RequestContext,
) {
  const address = parameters['MessagingBinding.Address'];
  if (address === null || parameters.FriendlyName) return {};
  const conversation = openConversation(context, parameters.ConversationSid, parameters.ChatServiceSid);
  await unlessGone(nameConversation(conversation, address, openCustomerRepository(context)), context);
  return {};
}

const ParticipantAdded = v.object({
  ...InConversation,
  ParticipantSid: participantSid,
  'MessagingBinding.Address': customerAddress,
  Identity: lenientText,
});

async function onParticipantAdded(
  parameters: v.InferOutput<typeof ParticipantAdded>,
  context: RequestContext,
) {
  const { ConversationSid, ChatServiceSid, ParticipantSid, Identity } = parameters;
  const address = parameters['MessagingBinding.Address'];
  if (address === null || Identity) return {};
  const conversation = openConversation(context, ConversationSid, ChatServiceSid);
  const customers = openCustomerRepository(context);
  await unlessGone(introduceCustomer(conversation, ParticipantSid, address, customers), context);
  return {};
}

const MessageAdd = v.object({ ...InConversation, ClientIdentity: lenientText });

async function onMessageAdd(parameters: v.InferOutput<typeof MessageAdd>, context: RequestContext) {
  const { ConversationSid, ChatServiceSid, ClientIdentity } = parameters;
  if (!ClientIdentity) return {};
  const conversation = openConversation(context, ConversationSid, ChatServiceSid);
  await rejectOptedOut(conversation, {
    customers: openCustomerRepository(context),
    optOuts: openOptOuts(context),
  });
  return {};
}

async function onMessageAdded(parameters: AddedMessage, context: RequestContext) {
  const { configuration, requestLog } = context;
  const message = readKeywordMessage(parameters, configuration, new Date());
  if (message === null) return {};
  const { address, event } = message;
  if (address === null) {
    requestLog.warn(
      `Ignored an ${event.kind}: its author is not a phone number or WhatsApp user ID; nothing was recorded`,
    );
    return {};
  }
  const deadline = context.deadline.leaving(LOOKUP_RESERVE_MS);
  await recordOptOut(address, event, {
    openOptOuts: (time) => openOptOuts({ ...context, deadline: time }),
    openCustomers: () => openCustomerRepository({ ...context, deadline }),
    startSync: () => startSync({ run: 'changes' }),
    deadline,
    requestLog,
  });
  return {};
}

const Delivery = v.object({ Status: lenientText, ErrorCode: lenientText });

/** MessageAdd succeeds at once and fails seconds later: only this event says why. */
async function onDeliveryUpdated(
  { Status, ErrorCode }: v.InferOutput<typeof Delivery>,
  context: RequestContext,
) {
  if (!/^(failed|undelivered)$/i.test(Status)) return {};
  const code = /^\d{1,6}$/.test(ErrorCode) && Number(ErrorCode) > 0 ? Number(ErrorCode) : null;
  context.requestLog.warn(explainDeliveryFailure(code));
  context.requestLog.countEvent(SERVICE_METRICS.messagesUndelivered);
  if (code === OUTSIDE_WINDOW) context.requestLog.countEvent(SERVICE_METRICS.messagesOutsideWindow);
  return {};
}

/** Runs work that is no longer needed once the conversation or participant is deleted. */
async function unlessGone(work: Promise<void>, { requestLog }: RequestContext): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    requestLog.warn(error.message);
  });
}

const answer = routeByEventType({
  onConversationAdd: endpoint(ConversationAdd, onConversationAdd),
  onConversationAdded: endpoint(ConversationAdded, onConversationAdded),
  onParticipantAdded: endpoint(ParticipantAdded, onParticipantAdded),
  onMessageAdd: endpoint(MessageAdd, onMessageAdd),
  onMessageAdded: endpoint(AddedMessage, onMessageAdded),
  onDeliveryUpdated: endpoint(Delivery, onDeliveryUpdated),
});

export const handler: CallbackHandler = callbackPipeline('twilio-conversations').handler(
  async (event, context) => {
    const telling = tellInbox(context.form, context);
    try {
      return await answer(event, context);
    } finally {
      // Also where the rest fails: Twilio sends each event once.
      await telling;
    }
  },
);

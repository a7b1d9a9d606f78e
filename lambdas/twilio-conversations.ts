import * as v from 'valibot';
import { explainDeliveryFailure, OUTSIDE_WINDOW } from './conversation/delivery-failures';
import { introduceCustomer } from './conversation/introduce-customer';
import { bareName, nameConversation, nameFor } from './conversation/name-conversation';
import { errorMessage, NotFoundError } from './errors';
import { callbackPipeline } from './middleware/pipeline';
import { refuseOptedOut } from './opt-out/guard';
import { AddedMessage, readKeywordMessage } from './opt-out/message-keyword';
import { recordOptOut } from './opt-out/record';
import { parseAddress } from './phone-number/address';
import { openCustomerRepository, openOptOuts } from './request/open-customer-repository';
import { conversationSid, lenientText, participantSid, serviceSid } from './request/parameters';
import { startSyncFor } from './request/replica-container';
import type { Callback, CallbackHandler } from './request/request-context';
import { question, routeByEventType } from './request/router';
import { SERVICE_METRICS } from './telemetry/metric-names';
import { openConversation } from './twilio/conversation';

const InConversation = { ConversationSid: conversationSid, ChatServiceSid: serviceSid };
/** The customer's address; null if a worker began or joined, or if the address is not a number. */
const customerAddress = v.pipe(lenientText, v.transform(parseAddress));

/** Time reserved for a response that must be sent even if the customer cannot be looked up. */
const ANSWER_MS = 300;

const Beginning = v.object({ 'MessagingBinding.Address': customerAddress, Attributes: lenientText });

/** An error here would lose the customer's message, so every failure still accepts the conversation. */
async function onConversationAdd(parameters: v.InferOutput<typeof Beginning>, callback: Callback) {
  const address = parameters['MessagingBinding.Address'];
  if (address === null) return {};
  const deadline = callback.deadline.leaving(ANSWER_MS);
  try {
    const customers = openCustomerRepository({ ...callback, deadline });
    return await deadline.race(nameFor(address, parameters.Attributes, customers));
  } catch (error) {
    callback.journal.warn(`The conversation is named by the number: ${errorMessage(error)}`);
    return bareName(address);
  }
}

const Begun = v.object({
  ...InConversation,
  'MessagingBinding.Address': customerAddress,
  FriendlyName: lenientText,
});

async function onConversationAdded(parameters: v.InferOutput<typeof Begun>, callback: Callback) {
  const address = parameters['MessagingBinding.Address'];
  if (address === null || parameters.FriendlyName) return {};
  const conversation = openConversation(callback, parameters.ConversationSid, parameters.ChatServiceSid);
  await unlessGone(nameConversation(conversation, address, openCustomerRepository(callback)), callback);
  return {};
}

const Joined = v.object({
  ...InConversation,
  ParticipantSid: participantSid,
  'MessagingBinding.Address': customerAddress,
  Identity: lenientText,
});

async function onParticipantAdded(parameters: v.InferOutput<typeof Joined>, callback: Callback) {
  const { ConversationSid, ChatServiceSid, ParticipantSid, Identity } = parameters;
  const address = parameters['MessagingBinding.Address'];
  if (address === null || Identity) return {};
  const conversation = openConversation(callback, ConversationSid, ChatServiceSid);
  const customers = openCustomerRepository(callback);
  await unlessGone(introduceCustomer(conversation, ParticipantSid, address, customers), callback);
  return {};
}

const Sending = v.object({ ...InConversation, ClientIdentity: lenientText });

async function onMessageAdd(parameters: v.InferOutput<typeof Sending>, callback: Callback) {
  const { ConversationSid, ChatServiceSid, ClientIdentity } = parameters;
  if (!ClientIdentity) return {};
  const conversation = openConversation(callback, ConversationSid, ChatServiceSid);
  await refuseOptedOut(conversation, {
    customers: openCustomerRepository(callback),
    optOuts: openOptOuts(callback),
  });
  return {};
}

async function onMessageAdded(parameters: AddedMessage, callback: Callback) {
  const { configuration, journal } = callback;
  const message = readKeywordMessage(parameters, configuration, new Date());
  if (message === null) return {};
  const { address, event } = message;
  if (address === null) {
    journal.warn(`An ${event.kind} from an address that no customer can have: nothing is kept of it`);
    return {};
  }
  const deadline = callback.deadline.leaving(ANSWER_MS);
  await recordOptOut(address, event, {
    openOptOuts: (time) => openOptOuts({ ...callback, deadline: time }),
    openCustomers: () => openCustomerRepository({ ...callback, deadline }),
    startSync: startSyncFor(configuration),
    deadline,
    journal,
  });
  return {};
}

const Delivery = v.object({ Status: lenientText, ErrorCode: lenientText });

/** Sending succeeds at once and fails seconds later: only this event says why. */
async function onDeliveryUpdated({ Status, ErrorCode }: v.InferOutput<typeof Delivery>, callback: Callback) {
  if (!/^(failed|undelivered)$/i.test(Status)) return {};
  const code = /^\d{1,6}$/.test(ErrorCode) && Number(ErrorCode) > 0 ? Number(ErrorCode) : null;
  callback.journal.warn(explainDeliveryFailure(code));
  callback.journal.countEvent(SERVICE_METRICS.messagesUndelivered);
  if (code === OUTSIDE_WINDOW) callback.journal.countEvent(SERVICE_METRICS.messagesOutsideWindow);
  return {};
}

/** Runs work that is no longer needed once the conversation or participant is deleted. */
async function unlessGone(work: Promise<void>, { journal }: Callback): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    journal.warn(error.message);
  });
}

export const handler: CallbackHandler = callbackPipeline('twilio-conversations').handler(
  routeByEventType({
    onConversationAdd: question(Beginning, onConversationAdd),
    onConversationAdded: question(Begun, onConversationAdded),
    onParticipantAdded: question(Joined, onParticipantAdded),
    onMessageAdd: question(Sending, onMessageAdd),
    onMessageAdded: question(AddedMessage, onMessageAdded),
    onDeliveryUpdated: question(Delivery, onDeliveryUpdated),
  }),
);

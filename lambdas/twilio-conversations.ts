import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { openCustomerRepository } from './callback/open-customer-repository';
import { answerByEvent, question } from './callback/question';
import { introduceCustomer } from './conversation/introduce-customer';
import { nameConversation, nameFor } from './conversation/name-conversation';
import { NotFound } from './errors/errors';
import { conversationSid, lenientText, participantSid, serviceSid } from './frontline/parameters';
import { readOptOutKeyword } from './opt-out/keyword';
import { refuseOptedOut } from './opt-out/refuse-opted-out';
import { parseAddress } from './phone-number/address';
import { openConversation } from './twilio/conversation';

const InConversation = { ConversationSid: conversationSid, ChatServiceSid: serviceSid };
/** The customer's; null where it is a worker who began or joined, or where the address is no number. */
const customerAddress = v.pipe(lenientText, v.transform(parseAddress));

/** What is kept back of the time for an answer that must be out even when the customer cannot be looked up. */
const ANSWER_MS = 300;

const Beginning = v.object({ 'MessagingBinding.Address': customerAddress, Attributes: lenientText });

/** An error here would lose the customer's message, so whatever fails, the answer is yes. */
async function onConversationAdd(parameters: v.InferOutput<typeof Beginning>, callback: Callback) {
  const address = parameters['MessagingBinding.Address'];
  if (address === null) return {};
  const directory = openCustomerRepository({ ...callback, deadline: callback.deadline.leaving(ANSWER_MS) });
  return nameFor(address, parameters.Attributes, directory).catch((error: unknown) => {
    callback.journal.warn(`The conversation begins without a name: ${String(error)}`);
    return {};
  });
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
  const directory = openCustomerRepository(callback);
  await unlessGone(introduceCustomer(conversation, ParticipantSid, address, directory), callback);
  return {};
}

const Sending = v.object({ ...InConversation, ClientIdentity: lenientText });

async function onMessageAdd(parameters: v.InferOutput<typeof Sending>, callback: Callback) {
  const { ConversationSid, ChatServiceSid, ClientIdentity } = parameters;
  if (!ClientIdentity) return {};
  const conversation = openConversation(callback, ConversationSid, ChatServiceSid);
  await unlessGone(refuseOptedOut(conversation, openCustomerRepository(callback)), callback);
  return {};
}

const Sent = v.object({ ClientIdentity: lenientText, Author: customerAddress, Body: lenientText });

async function onMessageAdded(
  { ClientIdentity, Author, Body }: v.InferOutput<typeof Sent>,
  callback: Callback,
) {
  const keyword = readOptOutKeyword(Body);
  if (ClientIdentity || Author === null || keyword === null) return {};
  const { found, changed } = await openCustomerRepository(callback).setOptOut(Author, keyword === 'opt-out');
  callback.journal.countOptOuts(keyword, changed);
  if (found === 0)
    callback.journal.warn(`An ${keyword} from a number that no customer has: nothing is kept of it`);
  return {};
}

/** A conversation or participant that was deleted meanwhile needs nothing more. */
async function unlessGone(work: Promise<void>, { journal }: Callback): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof NotFound)) throw error;
    journal.warn(error.message);
  });
}

export const handler: CallbackHandler = callbackChain('twilio-conversations').handler(
  answerByEvent({
    onConversationAdd: question(Beginning, onConversationAdd),
    onConversationAdded: question(Begun, onConversationAdded),
    onParticipantAdded: question(Joined, onParticipantAdded),
    onMessageAdd: question(Sending, onMessageAdd),
    onMessageAdded: question(Sent, onMessageAdded),
  }),
);

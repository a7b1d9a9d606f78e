import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { openCustomerRepository } from './callback/open-customer-repository';
import { answerAlways, question } from './callback/question';
import { BadRequest } from './errors/errors';
import { conversationSid, optionalText, serviceSid } from './frontline/parameters';
import { parseAddress } from './phone-number/address';
import { openConversation } from './twilio/conversation';
import { openFrontlineUsers } from './twilio/frontline-users';
import { routeConversation } from './worker/route-conversation';

const Parameters = v.object({
  ConversationSid: conversationSid,
  ConversationServiceSid: serviceSid,
  'MessagingBinding.Address': optionalText,
  'MessagingBinding.AuthorAddress': optionalText,
});

/** Parts of the 8 s: what takes longer is given up, so that there is time for the next candidate and for the answer. */
const PART_MS = { directory: 3_000, availability: 1_500, addWorker: 3_000, answer: 300 };

async function route(parameters: v.InferOutput<typeof Parameters>, callback: Callback) {
  const { ConversationSid, ConversationServiceSid } = parameters;
  // In a group message the sender has a parameter of its own (Twilio contract 5).
  const from = parameters['MessagingBinding.AuthorAddress'] ?? parameters['MessagingBinding.Address'];
  if (from === null) throw new BadRequest('parameter', 'MessagingBinding.Address is missing');
  const time = callback.deadline.leaving(PART_MS.answer);
  const within = (milliseconds: number) => ({ ...callback, deadline: time.within(milliseconds) });
  const conversation = (milliseconds: number) =>
    openConversation(within(milliseconds), ConversationSid, ConversationServiceSid);
  await routeConversation(ConversationSid, parseAddress(from), {
    openDirectory: () => openCustomerRepository(within(PART_MS.directory)),
    defaultWorkers: callback.configuration.defaultWorkers,
    askAvailability: (identity) => openFrontlineUsers(within(PART_MS.availability)).availabilityOf(identity),
    workersPresent: () => conversation(PART_MS.availability).workers(),
    addWorker: (identity) => conversation(PART_MS.addWorker).addWorker(identity),
    journal: callback.journal,
  });
  return {};
}

export const handler: CallbackHandler = callbackChain('routing').handler(
  answerAlways(question(Parameters, route)),
);

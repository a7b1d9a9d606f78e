import * as v from 'valibot';
import { limitLookups } from './conversation/assign-worker';
import { routeConversation } from './conversation/route-conversation';
import { queueForInbox } from './inbox/queue/tell-inbox';
import { callbackPipeline } from './middleware/pipeline';
import { parseAddress } from './phone-number/address';
import { openCustomerRepository } from './request/open-customer-repository';
import type { CallbackHandler, RequestContext } from './request/request-context';
import { endpoint, routeAlways } from './request/router';
import { openConversation } from './twilio/conversation';
import { openFrontlineUsers } from './twilio/frontline-users';
import { conversationSid, firstReadable, firstServiceSid, texts } from './twilio/parameters';
import { ONCE_POLICY } from './twilio/twilio-client';

/** Twilio may repeat a parameter, or list several addresses in one; in a group they are the other members'. */
const addresses = v.pipe(
  v.fallback(texts, []),
  v.transform((all) => all.flatMap((each) => each.split(',').flatMap((text) => parseAddress(text) ?? []))),
);

/** Only the conversation is required, because no worker sees one that has none. */
const Parameters = v.object({
  ConversationSid: firstReadable(conversationSid),
  ConversationServiceSid: firstServiceSid,
  'MessagingBinding.Address': addresses,
  'MessagingBinding.AuthorAddress': addresses,
});

/** Time limit of a lookup that routing can do without, and the time reserved for the response. */
const PART_MS = { look: 1_500, answer: 300 };
/** The maximum number of workers whose availability is looked up for one choice. */
const MAX_LOOKUPS = 10;

async function route(parameters: v.InferOutput<typeof Parameters>, context: RequestContext) {
  const { ConversationSid, ConversationServiceSid } = parameters;
  // In a group message the sender has a parameter of its own (twilio.md#custom-routing).
  const from = [...parameters['MessagingBinding.AuthorAddress'], ...parameters['MessagingBinding.Address']];
  const deadline = context.deadline.leaving(PART_MS.answer);
  const look = () => ({ ...context, deadline: deadline.within(PART_MS.look) });
  const conversation = openConversation({ ...context, deadline }, ConversationSid, ConversationServiceSid);
  await routeConversation(ConversationSid, from, {
    openRepository: () => openCustomerRepository(look()),
    defaultWorkers: context.configuration.defaultWorkers,
    openAvailability: () => {
      const users = openFrontlineUsers(look());
      return limitLookups(MAX_LOOKUPS, (identity) => users.availabilityOf(identity));
    },
    workersPresentQuickly: () => openConversation(look(), ConversationSid, ConversationServiceSid).workers(),
    workersPresent: () => conversation.workers(ONCE_POLICY),
    tryToAdd: (identity) => conversation.tryToAddWorker(identity),
    deadline,
    requestLog: context.requestLog,
  });
  // Twilio sends no event about a participant that REST adds (twilio.md#conversations-by-rest).
  const added = { conversationSid: ConversationSid, serviceSid: ConversationServiceSid };
  await queueForInbox({ kind: 'participant-added', ...added }, context);
  return {};
}

export const handler: CallbackHandler = callbackPipeline('routing').handler(
  routeAlways(endpoint(Parameters, route)),
);

import { notFound, type TwilioError, twilioError } from './twilio-errors';

/**
 * The paths and methods of Twilio's published API description (twilio-oai of 2026-04-14: hosts api, content,
 * conversations, frontline-api and messaging), with two that it leaves out: a message's `ChannelMetadata`, and
 * `Messages.json`. Paths of the host messaging begin with `/messaging`, because Conversations have the same. `{}` is any SID, identity or name.
 */
const OPERATIONS = `
/2010-04-01/Accounts/{}.json GET POST
/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json GET POST
/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json DELETE GET POST
/2010-04-01/Accounts/{}/Messages.json GET POST
/2010-04-01/Accounts/{}/Messages/{}.json DELETE GET POST
/messaging/v1/Services GET POST
/messaging/v1/Services/{} DELETE GET POST
/messaging/v1/Services/{}/ChannelSenders GET POST
/messaging/v1/Services/{}/ChannelSenders/{} DELETE GET
/messaging/v1/Services/{}/PhoneNumbers GET POST
/messaging/v1/Services/{}/PhoneNumbers/{} DELETE GET
/messaging/v2/Channels/Senders GET POST
/messaging/v2/Channels/Senders/{} DELETE GET POST
/v1/Configuration GET POST
/v1/Configuration/Addresses GET POST
/v1/Configuration/Addresses/{} DELETE GET POST
/v1/Configuration/Webhooks GET POST
/v1/Content GET POST
/v1/Content/{} DELETE GET PUT
/v1/Content/{}/ApprovalRequests GET
/v1/Content/{}/ApprovalRequests/whatsapp POST
/v1/ContentAndApprovals GET
/v1/ConversationWithParticipants POST
/v1/Conversations GET POST
/v1/Conversations/{} DELETE GET POST
/v1/Conversations/{}/Messages GET POST
/v1/Conversations/{}/Messages/{} DELETE GET POST
/v1/Conversations/{}/Messages/{}/ChannelMetadata GET
/v1/Conversations/{}/Messages/{}/Receipts GET
/v1/Conversations/{}/Messages/{}/Receipts/{} GET
/v1/Conversations/{}/Participants GET POST
/v1/Conversations/{}/Participants/{} DELETE GET POST
/v1/Conversations/{}/Webhooks GET POST
/v1/Conversations/{}/Webhooks/{} DELETE GET POST
/v1/Credentials GET POST
/v1/Credentials/{} DELETE GET POST
/v1/LegacyContent GET
/v1/ParticipantConversations GET
/v1/Roles GET POST
/v1/Roles/{} DELETE GET POST
/v1/Services GET POST
/v1/Services/{} DELETE GET POST
/v1/Services/{}/Bindings GET
/v1/Services/{}/Bindings/{} DELETE GET
/v1/Services/{}/Configuration GET POST
/v1/Services/{}/Configuration/Notifications GET POST
/v1/Services/{}/Configuration/Webhooks GET POST
/v1/Users GET POST
/v1/Users/{} DELETE GET POST
/v1/Users/{}/Conversations GET
/v1/Users/{}/Conversations/{} DELETE GET POST
/v2/Content GET
/v2/ContentAndApprovals GET
`;

const OPERATIONS_BY_PATH = OPERATIONS.trim()
  .split('\n')
  .map((line) => {
    const [path = '', ...methods] = line.split(' ');
    const pattern = path.replaceAll('.', '\\.').replaceAll('{}', '[^/]+');
    return { path, pattern: new RegExp(`^${pattern}$`), methods };
  });

/** Resources of Conversations that have the same path below the service's. */
const OF_SERVICE =
  /^\/v1\/Services\/[^/]+(?=\/(Conversations|ConversationWithParticipants|ParticipantConversations|Roles|Users)(\/|$))/;

/**
 * The error of a request that no route of the emulator takes: 501 for an operation that Twilio has, 405 for a path
 * that Twilio has with other methods only, else 404.
 */
export function unroutedError(method: string, path: string, accountSid: string): TwilioError {
  const [, account = accountSid] = /^\/2010-04-01\/Accounts\/([^/.]+)/.exec(path) ?? [];
  if (account !== accountSid) return notFound(path);
  const known = OPERATIONS_BY_PATH.filter(({ pattern }) => pattern.test(path.replace(OF_SERVICE, '/v1')));
  const [operation] = known;
  if (operation === undefined) return notFound(path);
  if (!known.some(({ methods }) => methods.includes(method))) return twilioError('methodNotAllowed');
  return twilioError('notEmulated', `The Twilio emulator does not support ${method} ${operation.path}`);
}

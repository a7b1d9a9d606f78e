/** Status, code and message of the errors the emulator can return (twilio.md#rest-requests; Twilio's dictionary). */
const ERRORS = {
  invalidParameter: [400, 20001, 'Bad request'],
  authenticate: [401, 20003, 'Authenticate'],
  permissionMissing: [401, 70051, 'Authorization Failed'],
  methodNotAllowed: [405, 20004, 'Method not allowed'],
  notFound: [404, 20404, 'The requested resource was not found'],
  addressTaken: [409, 20409, 'Address configuration already exists for this address'],
  tooManyRequests: [429, 20429, 'Too Many Requests'],
  serverError: [500, 20500, 'Internal Server Error'],
  notEmulated: [501, 20501, 'The Twilio emulator does not support this'],
  unavailable: [503, 20503, 'Service Unavailable'],
  phoneNumberInvalid: [400, 21421, 'Phone Number is invalid'],
  senderInService: [409, 21710, 'Phone Number or Short Code is already in the Messaging Service'],
  senderInOtherService: [
    409,
    21712,
    'Phone Number or Short Code is associated with another Messaging Service',
  ],
  friendlyNameTooLong: [400, 50003, 'Friendly name too long'],
  uniqueNameTooLong: [400, 50004, 'Unique Name too long'],
  rejectedByWebhook: [403, 50056, 'Webhook disabled processing of command'],
  webhookFailed: [400, 50057, 'Webhook call failed to execute successfully'],
  userExists: [409, 50201, 'User already exists'],
  identityMissing: [400, 50204, 'Identity not provided'],
  identityTooLong: [400, 50207, 'Identity too long'],
  identityAndAddress: [400, 50211, 'Identity parameter not acceptable for this Participant'],
  attributesTooLong: [400, 50303, 'Attributes too long'],
  attributesNotJson: [400, 50304, 'Attributes not valid JSON'],
  conversationNotFound: [404, 50350, 'Conversation not found'],
  uniqueNameTaken: [409, 50353, 'Conversation with provided unique name already exists'],
  conversationClosed: [400, 50377, "Can't update conversation as it's in final closed state"],
  stateInvalid: [400, 50378, "'State' parameter value is invalid"],
  timersWithoutState: [400, 50382, "Timers can't be set without 'State'"],
  initialStateClosed: [400, 50384, "Initial state can't be 'closed'"],
  conversationInitializing: [409, 50386, "Can't update conversation while it's initializing"],
  addressInvalid: [400, 50407, 'Invalid messaging binding address'],
  proxyInvalid: [400, 50408, 'Invalid participant proxy address'],
  addressIsProxy: [400, 50409, 'Participant address equals proxy address'],
  addressEmpty: [400, 50411, 'Participant address is empty'],
  proxyEmpty: [400, 50412, 'Participant proxy address is empty'],
  proxyNotOurs: [400, 50413, 'Account is not authorized to use proxy address'],
  channelsDiffer: [400, 50414, 'Participant address type does not match proxy address type'],
  proxyNotWhatsApp: [400, 50415, 'Proxy address is not WhatsApp enabled sender'],
  pairTaken: [409, 50416, 'A binding for this participant and proxy address already exists in Conversation'],
  readIndexInvalid: [400, 50421, 'Invalid last read message index format'],
  notAMember: [403, 50430, 'Participant is not a member of conversation'],
  participantNotFound: [404, 50432, 'Participant not found'],
  identityTaken: [409, 50433, 'Participant already exists'],
  lookUpByOne: [
    400,
    50451,
    'One user identifier parameter for lookup at a time is allowed. Please, use either Identity or Address.',
  ],
  messageEmpty: [400, 50503, 'Message must have a body, media or content'],
  bodyTooLong: [400, 50504, 'Message body parameter is too long'],
  mediaNotFound: [400, 50507, 'Media not found'],
  mediaUsed: [400, 50508, 'Media already used by another message'],
  mediaMessageBody: [400, 50509, "Can't change the body of a media message"],
  mediaSidInvalid: [400, 50510, 'Invalid media SID'],
  contentSidInvalid: [400, 50526, 'Invalid ContentSid'],
  contentVariablesNotJson: [400, 50527, 'ContentVariables is not a valid JSON object'],
  contentVariablesAlone: [400, 50528, 'ContentVariables requires ContentSid'],
  tooManyContentVariables: [400, 50529, 'Too many ContentVariables'],
  contentKeyTooLong: [400, 50540, 'ContentVariables key is too long'],
  contentValueTooLong: [400, 50541, 'ContentVariables value is too long'],
} as const satisfies Record<string, readonly [status: number, code: number, message: string]>;

export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly more_info: string;
  readonly status: number;
}

/** An error that Twilio returns. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';

  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  /** The body of the response (twilio.md#rest-requests, "Error body"). */
  get body(): ErrorBody {
    const { code, message, status } = this;
    return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  }
}

/** The error with the message of Twilio's dictionary, or with a given one where Twilio's contains a name. */
export function twilioError(reason: keyof typeof ERRORS, message?: string): TwilioError {
  const [status, code, text] = ERRORS[reason];
  return new TwilioError(status, code, message ?? text);
}

/** @param path as the caller sent it, such as `/v1/Conversations/CH…`. */
export function notFound(path: string): TwilioError {
  return twilioError('notFound', `The requested resource ${path} was not found`);
}

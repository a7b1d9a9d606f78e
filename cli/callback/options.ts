/** The options that set a callback's parameters, with their descriptions. */
export const PARAMETER_OPTIONS = {
  worker: "the worker's identity",
  'customer-id': "the customer's id",
  'page-size': 'how many customers a page has (30)',
  'next-page-token': 'next_page_token of the page before',
  anchor: 'customer_id of the last customer on the page before',
  query: 'what is typed into the search box',
  'display-name': "the new customer's name",
  channels: 'JSON, such as [{"type":"sms","value":"+16465550123"}]',
  'channel-type': 'sms or whatsapp',
  'channel-value': 'the number to write to, whatsapp: in front where it is one',
  'conversation-sid': 'CH…',
  'participant-sid': 'MB…',
  'message-sid': 'IM…',
  'chat-service-sid': 'IS…',
  from: "the customer's number, whatsapp: in front where it is one",
  to: 'our number',
  body: 'the text of the message',
  author: 'who wrote it: an identity or a number',
  'client-identity': 'the worker whose app did it',
  identity: 'the worker or chat user who takes part',
  'friendly-name': 'the title of the conversation',
  'unique-name': 'the unique name of the conversation',
  attributes: 'a JSON object',
  state: 'active, inactive or closed',
  source: 'SDK, API, SMS or WHATSAPP',
} as const;

export type OptionName = keyof typeof PARAMETER_OPTIONS;

export const OPTION_NAMES = Object.keys(PARAMETER_OPTIONS).filter(isOptionName);

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(PARAMETER_OPTIONS, name);
}

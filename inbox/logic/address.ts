import { Channel } from '../../lambdas/inbox/api';

/** The pages of the app. */
export type Route =
  | { readonly page: 'chats'; readonly chatSid: string | null }
  | { readonly page: 'customers'; readonly customerId: string | null }
  /** Opens the customer's latest chat of the worker: the address of a button in Airtable. */
  | { readonly page: 'customer-chat'; readonly customerId: string }
  | { readonly page: 'new-chat'; readonly customerId: string; readonly channel: Channel }
  | { readonly page: 'new-customer' }
  | { readonly page: 'account' };

/** The page of an address, `/chats` for one that the app does not have. */
export function parseRoute(address: string): Route {
  const [first, second, third, fourth] = address
    .replace(/[?#].*$/su, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (first === 'settings') return { page: 'account' };
  if (first !== 'customers') return { page: 'chats', chatSid: second ?? null };
  if (second === undefined) return { page: 'customers', customerId: null };
  if (second === 'new' && third === undefined) return { page: 'new-customer' };
  if (third === 'chat') return { page: 'customer-chat', customerId: second };
  const channel = Channel.options.find((option) => option === fourth);
  if (third === 'new' && channel !== undefined) return { page: 'new-chat', customerId: second, channel };
  return { page: 'customers', customerId: second };
}

export const paths = {
  chats: '/chats',
  customers: '/customers',
  account: '/settings',
  newCustomer: '/customers/new',
  chat: (sid: string) => `/chats/${encodeURIComponent(sid)}`,
  customer: (id: string) => `/customers/${encodeURIComponent(id)}`,
  newChat: (id: string, channel: Channel) => `/customers/${encodeURIComponent(id)}/new/${channel}`,
} as const;

/** Keeps the search when one goes from a list to one of its rows. */
export function withSearch(path: string, search: string): string {
  return search === '' ? path : `${path}?q=${encodeURIComponent(search)}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

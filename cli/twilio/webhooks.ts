import { parseUrl } from '../../lambdas/characters/parse-url';
import { callbackPath, INBOX_EVENTS, POST_EVENTS, PRE_EVENTS } from '../../lambdas/twilio/callbacks';
import type { Diff } from '../plan/plan';

/** Webhook URLs and event filters of a service or of the account (twilio.md#configuration). */
export interface Webhooks {
  /** Null if absent. */
  readonly preUrl: string | null;
  readonly postUrl: string | null;
  readonly method: string;
  readonly filters: readonly string[];
}

/** The command with which a user allows setup to replace another integration. */
export const REPLACE_EXISTING = 'npx frontline setup --replace-existing';

/** The event filters that the service needs, and the inbox if there is one (twilio.md#event-filters). */
export function neededEvents({ hasInbox }: { readonly hasInbox: boolean }): readonly string[] {
  return [...PRE_EVENTS, ...POST_EVENTS, ...(hasInbox ? INBOX_EVENTS : [])].sort();
}

/** The receiver of a webhook. Another stack's URL ends like ours, or is ours with a typing error. */
export type Listener = 'none' | 'this stack' | 'another stack' | 'another integration';

const OUR_PATH = new RegExp(`${callbackPath('twilio-conversations')}/?$`, 'i');

/** @param callbackUrl null if this stack's URL is unknown, so that it cannot be distinguished from another stack's */
export function listenerAt(url: string | null, callbackUrl: string | null): Listener {
  if (url === null) return 'none';
  // The part after # only sets connection options (twilio.md#callbacks-and-timeouts), and may be set on purpose.
  if (url.replace(/#.*$/s, '') === callbackUrl) return 'this stack';
  return OUR_PATH.test(url.replace(/[?#].*$/s, '')) ? 'another stack' : 'another integration';
}

/** Whether they have no URL. The account's webhooks apply to a service without its own. */
export function hasNone({ preUrl, postUrl }: Webhooks): boolean {
  return preUrl === null && postUrl === null;
}

/** The event filters that are needed and missing. */
export function missingEvents({ filters }: Webhooks, needed: readonly string[]): readonly string[] {
  return needed.filter((event) => !filters.includes(event));
}

/** The event filters that were set for an inbox and are not needed without one. */
export function surplusEvents({ filters }: Webhooks, needed: readonly string[]): readonly string[] {
  return filters.filter((event) => INBOX_EVENTS.includes(event) && !needed.includes(event));
}

/** The event filters that another integration added. */
export function eventsOfOthers({ filters }: Webhooks, needed: readonly string[]): readonly string[] {
  return filters.filter((event) => !needed.includes(event) && !INBOX_EVENTS.includes(event));
}

/**
 * The webhooks as the service needs them. Keeps the event filters of other integrations. The inbox's are post events, so
 * with this post-event URL only the inbox receives them.
 */
export function pointedAt(callbackUrl: string, present: Webhooks, needed: readonly string[]): Webhooks {
  const at = (url: string | null) => (listenerAt(url, callbackUrl) === 'this stack' ? url : callbackUrl);
  const surplus = surplusEvents(present, needed);
  return {
    preUrl: at(present.preUrl),
    postUrl: at(present.postUrl),
    method: 'POST',
    filters: [
      ...present.filters.filter((event) => !surplus.includes(event)),
      ...missingEvents(present, needed),
    ],
  };
}

/** The webhooks without this stack's URLs and without its event filters for those URLs. */
export function withoutStack(callbackUrl: string, present: Webhooks): Webhooks {
  const isOurs = (url: string | null) => listenerAt(url, callbackUrl) === 'this stack';
  const gone = [
    ...(isOurs(present.preUrl) ? PRE_EVENTS : []),
    ...(isOurs(present.postUrl) ? [...POST_EVENTS, ...INBOX_EVENTS] : []),
  ];
  return {
    preUrl: isOurs(present.preUrl) ? null : present.preUrl,
    postUrl: isOurs(present.postUrl) ? null : present.postUrl,
    method: present.method,
    filters: present.filters.filter((event) => !gone.includes(event)),
  };
}

/** The differences, one line each. The order of event filters does not matter. */
export function webhookDifferences(from: Webhooks, to: Webhooks): readonly Diff[] {
  const events = ({ filters }: Webhooks) => [...filters].sort().join(', ') || null;
  const all: readonly Diff[] = [
    { what: 'pre-event URL', from: from.preUrl, to: to.preUrl },
    { what: 'post-event URL', from: from.postUrl, to: to.postUrl },
    { what: 'method', from: from.method, to: to.method },
    { what: 'events', from: events(from), to: events(to) },
  ];
  return all.filter((one) => one.from !== one.to);
}

/** A URL without its query and user info, which may contain a password, so that a report can show it. */
export function withoutSecrets(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url.replace(/[?#].*$/s, '');
  const { origin, pathname, search } = parsed;
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

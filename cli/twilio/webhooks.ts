import { callbackPath } from '../../lambdas/twilio/callbacks';
import type { Difference } from '../plan/plan';

/** Where Conversations sends which events, of a service or of the account (twilio.md#configuration). */
export interface Webhooks {
  /** Null for none. */
  readonly preUrl: string | null;
  readonly postUrl: string | null;
  readonly method: string;
  readonly filters: readonly string[];
}

const PRE_EVENTS = ['onConversationAdd', 'onMessageAdd'];
const POST_EVENTS = ['onMessageAdded', 'onParticipantAdded', 'onDeliveryUpdated'];
/** What the service has to hear of (twilio.md#event-filters, twilio.md#configuration). */
const OUR_EVENTS = [...PRE_EVENTS, ...POST_EVENTS].sort();

/** Whom a webhook tells. Another stack is one whose address ends as ours do, or ours with a slip in it. */
export type Listener = 'nobody' | 'this stack' | 'another stack' | 'another integration';

const OUR_PATH = new RegExp(`${callbackPath('twilio-conversations')}/?$`, 'i');

/** @param callbackUrl null where this stack's is not known, so that none of its kind can be told from it. */
export function listenerAt(url: string | null, callbackUrl: string | null): Listener {
  if (url === null) return 'nobody';
  // What follows # only says how to connect (twilio.md#callbacks-and-timeouts), and may be set on purpose.
  if (url.replace(/#.*$/s, '') === callbackUrl) return 'this stack';
  return OUR_PATH.test(url.replace(/[?#].*$/s, '')) ? 'another stack' : 'another integration';
}

/** Whether nobody is told by them; for a service without its own, those of the account hold. */
export function hasNone({ preUrl, postUrl }: Webhooks): boolean {
  return preUrl === null && postUrl === null;
}

/** The events of ours that are not asked for. */
export function missingEvents({ filters }: Webhooks): readonly string[] {
  return OUR_EVENTS.filter((event) => !filters.includes(event));
}

/** The events that somebody else asked for. */
export function eventsOfOthers({ filters }: Webhooks): readonly string[] {
  return filters.filter((event) => !OUR_EVENTS.includes(event));
}

/** The webhooks as the service needs them; events of others stay. */
export function pointedAt(callbackUrl: string, present: Webhooks): Webhooks {
  const at = (url: string | null) => (listenerAt(url, callbackUrl) === 'this stack' ? url : callbackUrl);
  return {
    preUrl: at(present.preUrl),
    postUrl: at(present.postUrl),
    method: 'POST',
    filters: [...present.filters, ...missingEvents(present)],
  };
}

/** The webhooks without this stack: its addresses, and of its events those that went there. */
export function withoutStack(callbackUrl: string, present: Webhooks): Webhooks {
  const isOurs = (url: string | null) => listenerAt(url, callbackUrl) === 'this stack';
  const gone = [
    ...(isOurs(present.preUrl) ? PRE_EVENTS : []),
    ...(isOurs(present.postUrl) ? POST_EVENTS : []),
  ];
  return {
    preUrl: isOurs(present.preUrl) ? null : present.preUrl,
    postUrl: isOurs(present.postUrl) ? null : present.postUrl,
    method: present.method,
    filters: present.filters.filter((event) => !gone.includes(event)),
  };
}

/** What changes from the one to the other, line by line; in what order events are named is no difference. */
export function webhookDifferences(from: Webhooks, to: Webhooks): readonly Difference[] {
  const events = ({ filters }: Webhooks) => [...filters].sort().join(', ') || null;
  const all: readonly Difference[] = [
    { what: 'pre-event URL', from: from.preUrl, to: to.preUrl },
    { what: 'post-event URL', from: from.postUrl, to: to.postUrl },
    { what: 'method', from: from.method, to: to.method },
    { what: 'events', from: events(from), to: events(to) },
  ];
  return all.filter((one) => one.from !== one.to);
}

/** A web address as it may be shown in a report: what stands behind ? or before @ may be somebody's password. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return url.replace(/[?#].*$/s, '');
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

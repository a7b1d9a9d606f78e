/** A conversation service. An account has one or more (twilio.md#configuration). */
export interface ConversationService {
  readonly sid: string;
  readonly friendlyName: string;
}

export interface ConversationServices {
  readonly services: readonly ConversationService[];
  /** The service of conversations that are created without a service; null if absent. */
  readonly defaultSid: string | null;
  readonly defaultMessagingServiceSid: string | null;
}

/**
 * The service whose conversations Frontline shows: the one that is named after Frontline. If several are, the one of
 * them that is the account's default; if none is, the default. Null if that is ambiguous.
 */
export function frontlineService({ services, defaultSid }: ConversationServices): ConversationService | null {
  const named = services.filter(({ friendlyName }) => /frontline/i.test(friendlyName));
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  // If the default is not one of several candidates, it belongs to another integration and must not be changed.
  const candidates = only === undefined ? services : named;
  return candidates.find(({ sid }) => sid === defaultSid) ?? null;
}

/** The console page of a service's settings. */
export function pageOf({ friendlyName }: ConversationService): string {
  return `Conversations > Services > ${friendlyName}`;
}

export const DEFAULTS_PAGE = 'Conversations > Defaults';

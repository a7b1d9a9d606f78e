/** A conversation service: the account has one or more (twilio.md#configuration). */
export interface ConversationService {
  readonly sid: string;
  readonly friendlyName: string;
}

export interface ConversationServices {
  readonly services: readonly ConversationService[];
  /** Where conversations come to be that name no service; null for none. */
  readonly defaultSid: string | null;
  readonly defaultMessagingServiceSid: string | null;
}

/**
 * The service whose conversations Frontline shows: the one that is named after it; where several are, the one of them
 * that is the account's default; and where none is, the default. Null where that does not tell.
 */
export function frontlineService({ services, defaultSid }: ConversationServices): ConversationService | null {
  const named = services.filter(({ friendlyName }) => /frontline/i.test(friendlyName));
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  // Of several the default may be none: it is somebody else's then, and not to be touched.
  const candidates = only === undefined ? services : named;
  return candidates.find(({ sid }) => sid === defaultSid) ?? null;
}

/** Where in the console a service is set up. */
export function pageOf({ friendlyName }: ConversationService): string {
  return `Conversations > Services > ${friendlyName}`;
}

export const DEFAULTS_PAGE = 'Conversations > Defaults';

/** A conversation service: the account has one or more (Twilio contract 10). */
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
 * The service whose conversations Frontline shows: the one that is named after it, and where none or several are, the
 * account's default. Null where there is no default either.
 */
export function frontlineService({ services, defaultSid }: ConversationServices): ConversationService | null {
  const [named, ...others] = services.filter(({ friendlyName }) => /frontline/i.test(friendlyName));
  if (named !== undefined && others.length === 0) return named;
  return services.find(({ sid }) => sid === defaultSid) ?? null;
}

/** Where in the console a service is set up. */
export function pageOf({ friendlyName }: ConversationService): string {
  return `Conversations > Services > ${friendlyName}`;
}

export const DEFAULTS_PAGE = 'Conversations > Defaults';

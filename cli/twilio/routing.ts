import type { InboxConfiguration } from '../../lambdas/inbox/inbox-configuration';
import { type ConversationService, isOfFrontline } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** Who gives a new chat a worker, as `ROUTING` in `.env` names it. */
type Routing = InboxConfiguration['routing'];

/**
 * The routing of an account whose `ROUTING` is blank: Frontline's, if the account has Frontline, so that no chat is
 * given two workers. Throws as `TwilioAccount`.
 */
export async function routingOf(account: Pick<TwilioAccount, 'readConversationServices'>): Promise<Routing> {
  return routingAmong((await account.readConversationServices()).services);
}

/** The same for services that were read already. */
export function routingAmong(services: readonly ConversationService[]): Routing {
  return services.some(isOfFrontline) ? 'frontline' : 'service';
}

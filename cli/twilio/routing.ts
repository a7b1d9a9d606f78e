import type { InboxConfiguration } from '../../lambdas/inbox/inbox-configuration';
import { isOfFrontline } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** Who gives a new chat a worker, as `ROUTING` in `.env` names it. */
type Routing = InboxConfiguration['routing'];

/**
 * The routing of an account whose `ROUTING` is blank: Frontline's, if the account has Frontline, so that no chat is
 * given two workers. Throws as `TwilioAccount`.
 */
export async function routingOf(account: Pick<TwilioAccount, 'readConversationServices'>): Promise<Routing> {
  const { services } = await account.readConversationServices();
  return services.some(isOfFrontline) ? 'frontline' : 'service';
}

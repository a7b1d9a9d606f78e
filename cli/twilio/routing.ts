import type { Routing } from '../../lambdas/config-schema';
import { isOfFrontline } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/**
 * The routing of an account whose `ROUTING` is blank: Frontline's, if the account has Frontline, so that no chat is
 * given two workers. Throws as `TwilioAccount`.
 */
export async function routingOf(account: Pick<TwilioAccount, 'readConversationServices'>): Promise<Routing> {
  const { services } = await account.readConversationServices();
  return services.some(isOfFrontline) ? 'frontline' : 'service';
}

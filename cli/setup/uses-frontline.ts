import type { Settings } from '../settings/settings';
import { routingOf } from '../twilio/routing';
import { accessOf, openTwilioAccount } from '../twilio/twilio-account';

/**
 * Whether the Frontline app is in use: then a person has addresses to paste into the console, and workers sign in to
 * the app. Throws as `TwilioAccount`.
 */
export async function usesFrontline(settings: Settings): Promise<boolean> {
  if (settings.inbox.routing === 'frontline') return true;
  return (await routingOf(openTwilioAccount(accessOf(settings)))) === 'frontline';
}

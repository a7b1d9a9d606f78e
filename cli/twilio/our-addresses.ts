import type { Configuration } from '../../lambdas/config';
import { addressOn } from '../../lambdas/phone-number/address';

/** The address of the service's WhatsApp sender as Twilio writes it; null if absent. */
export function whatsappAddress({ whatsappNumber }: Configuration): string | null {
  return whatsappNumber && addressOn('whatsapp', whatsappNumber).text;
}

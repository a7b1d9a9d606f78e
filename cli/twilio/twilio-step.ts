import { joined, type Plan, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { frontlineService } from './conversation-service';
import { whatsappAddress } from './our-addresses';
import { planAddresses } from './plan-addresses';
import { planDefaults } from './plan-defaults';
import { planIncomingMessages, planNumber } from './plan-number';
import { planWebhooks } from './plan-webhooks';
import { accessOf, openTwilioAccount } from './twilio-account';

interface TwilioStepOptions {
  readonly settings: Settings;
  /** The stack's TwilioConversationsCallbackUrl; null until it is deployed. */
  readonly callbackUrl: string | null;
  /** Whether to replace other integrations; otherwise they become manual steps. */
  readonly replaceExisting: boolean;
}

/** Twilio's part of a setup, as far as the REST API can set it (twilio.md#configuration). */
export function twilioStep({ settings, callbackUrl, replaceExisting }: TwilioStepOptions): Reconciler {
  return {
    name: 'Twilio',
    async plan(): Promise<Plan> {
      const { configuration } = settings;
      const account = openTwilioAccount(accessOf(settings));
      const services = await account.readConversationServices();
      const number = await account.findNumber(configuration.smsNumber);
      const service = frontlineService(services);

      const defaults = planDefaults(account, services, service);
      const ofNumber = [
        planNumber(configuration.smsNumber, number),
        number === null ? {} : planIncomingMessages(account, number, replaceExisting),
      ];
      if (service === null) return joined([...defaults, ...ofNumber]);
      const place = { account, services, service, replaceExisting };
      // Twilio configures only addresses of the account.
      const addresses = [number?.number ?? [], whatsappAddress(configuration) ?? []].flat();
      return joined([
        ...defaults,
        await planWebhooks(place, callbackUrl),
        ...(await planAddresses(place, addresses)),
        ...ofNumber,
      ]);
    },
  };
}

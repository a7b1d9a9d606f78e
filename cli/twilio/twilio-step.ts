import { joined, type Plan, type Step } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { frontlineService } from './conversation-service';
import { whatsappAddress } from './our-addresses';
import { surveyAddresses } from './plan-addresses';
import { surveyDefaults } from './plan-defaults';
import { surveyIncomingMessages, surveyNumber } from './plan-number';
import { surveyWebhooks } from './plan-webhooks';
import { accessOf, openTwilioAccount } from './twilio-account';

interface TwilioStepOptions {
  readonly settings: Settings;
  /** The stack's TwilioConversationsCallbackUrl; null while nothing is deployed. */
  readonly callbackUrl: string | null;
  /** Whether other integrations have to give way: without it they are obstacles. */
  readonly takeOver: boolean;
}

/** Twilio's part of a set-up: what REST can set of it (twilio.md#configuration). */
export function twilioStep({ settings, callbackUrl, takeOver }: TwilioStepOptions): Step {
  return {
    name: 'Twilio',
    async survey(): Promise<Plan> {
      const { configuration } = settings;
      const account = openTwilioAccount(accessOf(settings));
      const services = await account.readConversationServices();
      const number = await account.findNumber(configuration.smsNumber);
      const service = frontlineService(services);

      const defaults = surveyDefaults(account, services, service);
      const ofNumber = [
        surveyNumber(configuration.smsNumber, number),
        number === null ? {} : surveyIncomingMessages(account, number, takeOver),
      ];
      if (service === null) return joined([...defaults, ...ofNumber]);
      const place = { account, services, service, takeOver };
      // Twilio configures no address that is not the account's.
      const addresses = [number?.number ?? [], whatsappAddress(configuration) ?? []].flat();
      return joined([
        ...defaults,
        await surveyWebhooks(place, callbackUrl),
        ...(await surveyAddresses(place, addresses)),
        ...ofNumber,
      ]);
    },
  };
}

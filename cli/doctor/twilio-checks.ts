import type { Credentials } from '../../lambdas/credentials/credentials';
import { UpstreamError } from '../../lambdas/errors';
import { joined } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { addressOutcome } from '../twilio/address-outcome';
import {
  type ConversationService,
  type ConversationServices,
  frontlineService,
} from '../twilio/conversation-service';
import { defaultWorkerOutcome } from '../twilio/default-worker-outcome';
import { whatsappAddress } from '../twilio/our-addresses';
import { planDefaults } from '../twilio/plan-defaults';
import { planIncomingMessages, planNumber } from '../twilio/plan-number';
import { outcomeOf } from '../twilio/plan-part';
import { tokenOutcome } from '../twilio/token-outcome';
import { accessOf, openTwilioAccount } from '../twilio/twilio-account';
import { readEffectiveWebhooks, webhooksOutcome } from '../twilio/webhooks-outcome';
import type { CheckResult, HealthCheck } from './health-check';
import { memoize } from './memoize';

interface TwilioChecksOptions {
  /** @throws {ConfigurationError} */
  readonly settings: () => Settings;
  /** The credentials of the deployed functions. */
  readonly secret: () => Promise<Credentials>;
  /** The stack's TwilioConversationsCallbackUrl. */
  readonly callbackUrl: () => Promise<string>;
}

/**
 * Checks of Twilio, with the token of `.env`, so that they see everything before the secret is filled. The check of
 * the token does not need the secret's check either: it only reports that it could not compare.
 */
export function twilioChecks({ settings, secret, callbackUrl }: TwilioChecksOptions): readonly HealthCheck[] {
  const openAccount = memoize(() => openTwilioAccount(accessOf(settings())));
  const readServices = memoize(() => openAccount().readConversationServices());
  const findSmsNumber = memoize(() => openAccount().findNumber(settings().configuration.smsNumber));
  return [
    {
      id: 'twilio-token',
      title: 'Twilio account and token',
      dependsOn: ['configuration'],
      run: () => tokenOutcome(settings(), secret),
    },
    {
      id: 'sms-number',
      title: 'SMS number',
      dependsOn: ['configuration', 'twilio-token'],
      run: async () => {
        const { smsNumber } = settings().configuration;
        return outcomeOf(planNumber(smsNumber, await findSmsNumber()));
      },
    },
    {
      id: 'conversation-service',
      title: 'Conversation service',
      dependsOn: ['configuration', 'twilio-token'],
      run: async () => {
        const services = await readServices();
        return outcomeOf(joined(planDefaults(openAccount(), services, frontlineService(services))));
      },
    },
    {
      id: 'webhooks',
      title: 'Webhooks of the conversation service',
      dependsOn: ['configuration', 'stack', 'twilio-token', 'conversation-service'],
      run: async () => {
        const account = openAccount();
        const service = serviceIn(await readServices());
        const url = await callbackUrl();
        return webhooksOutcome(service, await readEffectiveWebhooks(account, service, url), url);
      },
    },
    {
      id: 'address-sms',
      title: 'First messages by SMS',
      // Twilio drops the configuration of a number that leaves the account.
      dependsOn: ['configuration', 'twilio-token', 'conversation-service', 'sms-number'],
      run: () => checkAddress(settings().configuration.smsNumber),
    },
    {
      id: 'address-whatsapp',
      title: 'First messages by WhatsApp',
      dependsOn: ['configuration', 'twilio-token', 'conversation-service'],
      run: async () => {
        const address = whatsappAddress(settings().configuration);
        if (address === null) return { status: 'pass', message: 'no WhatsApp sender is configured' };
        return checkAddress(address);
      },
    },
    {
      id: 'message-comes-in',
      title: '"A message comes in" of the SMS number',
      dependsOn: ['configuration', 'twilio-token', 'sms-number'],
      run: async () => {
        const { smsNumber } = settings().configuration;
        const number = await findSmsNumber();
        return outcomeOf(
          number === null
            ? planNumber(smsNumber, number)
            : planIncomingMessages(openAccount(), number, false),
        );
      },
    },
    {
      id: 'default-worker',
      title: 'Default workers',
      dependsOn: ['configuration', 'twilio-token'],
      run: () => defaultWorkerOutcome(openAccount(), settings().configuration.defaultWorkers),
    },
  ];

  async function checkAddress(address: string): Promise<CheckResult> {
    const services = await readServices();
    const configuration = await openAccount().findAddress(address);
    return addressOutcome(address, configuration, serviceIn(services), services);
  }
}

function serviceIn(services: ConversationServices): ConversationService {
  const service = frontlineService(services);
  if (service === null) throw new UpstreamError("Frontline's conversation service is ambiguous");
  return service;
}

import { memoize } from '../plan/memoize';
import { joined, type Part, type PlanPart, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { planAddress, whatsappAddress } from './address-configuration';
import { chooseService, planServices } from './conversation-service';
import { type InboxWorker, planDefaultInboxWorkers, planDefaultWorkers } from './default-workers';
import { planMessaging, readPools } from './messaging-service';
import { planIncomingMessages, planNumber } from './phone-number';
import { planWebhooks } from './plan-webhooks';
import { accessOf, openTwilioAccount } from './twilio-account';

interface TwilioOptions {
  readonly settings: Settings;
  /** The stack's TwilioConversationsCallbackUrl; null until it is deployed. */
  readonly callbackUrl: () => Promise<string | null>;
  /** Whether AWS certainly has no stack of the inbox, so that nothing needs the inbox's events. */
  readonly isInboxStackAbsent: () => Promise<boolean>;
  /** Whether to replace other integrations; otherwise they become manual steps. */
  readonly replaceExisting: boolean;
  /** Sets variables in `.env`; not needed if no change is applied. */
  readonly saveSettings?: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** The workers of the inbox; null if they cannot be read. @default cannot be read */
  readonly inboxWorkers?: () => Promise<readonly InboxWorker[] | null>;
}

/** The account with the settings that it should have. Each of its resources is read once, on first use. */
export type TwilioContext = ReturnType<typeof twilioContext>;

export function twilioContext(options: TwilioOptions) {
  const { settings, callbackUrl } = options;
  const account = openTwilioAccount(accessOf(settings));
  const services = memoize(() => account.readConversationServices());
  return {
    ...options,
    account,
    services,
    /** The conversation service of this service; null if it is ambiguous. */
    service: memoize(async () =>
      chooseService({
        found: await services(),
        account,
        routing: settings.inbox.routing,
        callbackUrl,
      }),
    ),
    pools: memoize(() => readPools(account.messaging)),
    number: memoize(() => account.findNumber(settings.configuration.smsNumber)),
    addresses: memoize(() => account.listAddresses()),
  };
}

export const WHATSAPP_FIX =
  'Correct TWILIO_WHATSAPP_NUMBER in .env as Messaging > Senders > WhatsApp senders shows it, or leave it blank, and run npx frontline setup again';

const ACCOUNT = ['configuration', 'twilio-token', 'twilio-api-key'];
const SERVICE = [...ACCOUNT, 'conversation-service'];

/** Twilio's part of a setup, as far as the REST API can set it (twilio.md#configuration). */
export const TWILIO_PARTS: readonly Part<TwilioContext>[] = [
  { id: 'sms-number', title: 'SMS number', dependsOn: ACCOUNT, plan: planNumber },
  { id: 'conversation-service', title: 'Conversation service', dependsOn: ACCOUNT, plan: planServices },
  {
    id: 'webhooks',
    title: 'Webhooks of the conversation service',
    dependsOn: [...SERVICE, 'stack'],
    plan: planWebhooks,
  },
  {
    id: 'address-sms',
    title: 'Autocreation for SMS',
    // Twilio drops the configuration of a number that leaves the account.
    dependsOn: [...SERVICE, 'sms-number'],
    plan: async (context) => {
      const present = await context.number();
      return present === null ? {} : planAddress(context, present.number);
    },
  },
  {
    id: 'address-whatsapp',
    title: 'Autocreation for WhatsApp',
    dependsOn: SERVICE,
    plan: async (context) => {
      const address = whatsappAddress(context.settings.configuration);
      if (address === null) return { upToDate: ['No WhatsApp sender is configured'] };
      return planAddress(context, address, WHATSAPP_FIX);
    },
  },
  {
    id: 'message-comes-in',
    title: '"A message comes in" of the SMS number',
    dependsOn: [...ACCOUNT, 'sms-number'],
    plan: planIncomingMessages,
  },
  {
    id: 'default-worker',
    title: 'Default workers',
    dependsOn: ACCOUNT,
    plan: async ({ account, settings, inboxWorkers }) => {
      const { defaultWorkers } = settings.configuration;
      return settings.inbox.routing === 'frontline'
        ? planDefaultWorkers(account, defaultWorkers)
        : planDefaultInboxWorkers(defaultWorkers, (await inboxWorkers?.()) ?? null);
    },
  },
];

/**
 * The messaging service of the inbox's new chats. The functions get its SID as a setting, so that setup applies this
 * part before it deploys.
 */
export const MESSAGING_PART: Part<TwilioContext> = {
  id: 'messaging-service',
  title: 'Messaging service',
  dependsOn: [...ACCOUNT, 'sms-number'],
  plan: planMessaging,
};

/** Applies the plan of the messaging service. */
export function messagingStep(
  options: Omit<TwilioOptions, 'callbackUrl' | 'isInboxStackAbsent'>,
): Reconciler {
  const unread = { callbackUrl: async () => null, isInboxStackAbsent: async () => false };
  return {
    name: "Twilio's messaging service",
    plan: async () => joined([await MESSAGING_PART.plan(twilioContext({ ...options, ...unread }))]),
  };
}

/** Applies the parts one after the other. @param callbackUrl null until the stack is deployed */
export function twilioStep({
  callbackUrl,
  ...options
}: Omit<TwilioOptions, 'callbackUrl'> & { readonly callbackUrl: string | null }): Reconciler {
  return {
    name: 'Twilio',
    plan: async () => {
      const context = twilioContext({ ...options, callbackUrl: async () => callbackUrl });
      const parts: PlanPart[] = [];
      for (const { plan } of TWILIO_PARTS) parts.push(await plan(context));
      return joined(parts);
    },
  };
}

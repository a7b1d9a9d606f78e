import { memoize } from '../plan/memoize';
import { joined, type Part, type PlanPart, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { planAddress, whatsappAddress } from './address-configuration';
import { planServices } from './conversation-service';
import { planIncomingMessages, planNumber } from './phone-number';
import { planWebhooks } from './plan-webhooks';
import { accessOf, openTwilioAccount, type TwilioAccount } from './twilio-account';

interface TwilioOptions {
  readonly settings: Settings;
  /** The stack's TwilioConversationsCallbackUrl; null until it is deployed. */
  readonly callbackUrl: () => Promise<string | null>;
  /** Whether to replace other integrations; otherwise they become manual steps. */
  readonly replaceExisting: boolean;
}

/** The account with the settings that it should have. Each of its resources is read once, on first use. */
export type TwilioContext = ReturnType<typeof twilioContext>;

export function twilioContext(options: TwilioOptions) {
  const account = openTwilioAccount(accessOf(options.settings));
  return {
    ...options,
    account,
    services: memoize(() => account.readConversationServices()),
    number: memoize(() => account.findNumber(options.settings.configuration.smsNumber)),
    addresses: memoize(() => account.listAddresses()),
  };
}

export const WHATSAPP_FIX =
  'Correct TWILIO_WHATSAPP_NUMBER in .env as Messaging > Senders > WhatsApp senders shows it, or leave it blank, and run npx frontline setup again';

const ACCOUNT = ['configuration', 'twilio-token'];
const SERVICE = [...ACCOUNT, 'conversation-service'];

/** Twilio's part of a setup, as far as the REST API can set it (twilio.md#configuration). */
export const TWILIO_PARTS: readonly Part<TwilioContext>[] = [
  { id: 'sms-number', title: 'SMS number', dependsOn: ACCOUNT, plan: planNumber },
  { id: 'conversation-service', title: 'Conversation service', dependsOn: ACCOUNT, plan: planServices },
  {
    id: 'webhooks',
    title: 'Webhooks of the conversation service',
    dependsOn: ['configuration', 'stack', 'twilio-token', 'conversation-service'],
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
    plan: ({ account, settings }) => planDefaultWorkers(account, settings.configuration.defaultWorkers),
  },
];

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

/** Whether every worker in DEFAULT_WORKER can take a conversation. */
export async function planDefaultWorkers(
  account: TwilioAccount,
  workers: readonly string[],
): Promise<PlanPart> {
  if (workers.length === 0)
    return { upToDate: ['DEFAULT_WORKER is not set: owners of customers take turns'] };
  const faults: string[] = [];
  for (const worker of workers) {
    const state = await account.frontlineUserState(worker);
    if (state === null) faults.push(`${worker} is not a Frontline user`);
    else if (state !== 'active') faults.push(`${worker} is ${state}`);
  }
  if (faults.length === 0) return { upToDate: [`${workers.join(', ')} can take conversations`] };
  const fix =
    'Set DEFAULT_WORKER in .env to exact identities of Frontline > Manage > Users, and run npx frontline setup; a new user has to sign in to the app once';
  return { manualSteps: [{ what: faults.join('; '), fix }] };
}

import { type Change, joined, type Plan, type PlanPart, type Reconciler } from '../plan/plan';
import type { Settings } from '../settings/settings';
import { type AddressConfiguration, otherIntegration } from './address-configuration';
import { type ConversationService, OUR_NAME, pageOf } from './conversation-service';
import { accessOf, openTwilioAccount, type TwilioAccount } from './twilio-account';
import { listenerAt, webhookDifferences, withoutSecrets, withoutStack } from './webhooks';

interface TwilioTeardownOptions {
  readonly settings: Settings;
  /** The stack's TwilioConversationsCallbackUrl; null if it is no longer known. */
  readonly callbackUrl: string | null;
}

/**
 * Reverts setup's changes in Twilio: the webhooks that point to this stack, the event filters that it added, and the
 * address configurations with its name. Keeps defaults, numbers, conversations and other integrations' settings.
 */
export function twilioTeardownStep({ settings, callbackUrl }: TwilioTeardownOptions): Reconciler {
  return {
    name: 'Twilio',
    async plan(): Promise<Plan> {
      const account = openTwilioAccount(accessOf(settings));
      const { services } = await account.readConversationServices();
      const parts: PlanPart[] = [];
      for (const service of services) parts.push(await planService(account, service, callbackUrl));
      const addresses = await account.listAddresses();
      return joined([...parts, ...addresses.map((address) => planAddress(account, address))]);
    },
  };
}

async function planService(
  account: TwilioAccount,
  service: ConversationService,
  callbackUrl: string | null,
): Promise<PlanPart> {
  const present = await account.readWebhooks(service.sid);
  const left = callbackUrl === null ? present : withoutStack(callbackUrl, present);
  const urls = new Set([present.preUrl, present.postUrl]);
  const parts = [...urls].flatMap((url) => (url === null ? [] : explainKeptUrl(service, url, callbackUrl)));
  const diff = webhookDifferences(present, left);
  if (diff.length > 0) {
    const change: Change = {
      summary: `Remove this stack from the webhooks of "${service.friendlyName}"`,
      diff,
      apply: () => account.setWebhooks(service.sid, left),
    };
    parts.push({ changes: [change] });
  }
  return joined(parts);
}

/** Explains why a URL stays: it belongs to another integration, or it may be ours but cannot be identified. */
function explainKeptUrl(service: ConversationService, url: string, callbackUrl: string | null): PlanPart[] {
  const listener = listenerAt(url, callbackUrl);
  if (listener === 'this stack') return [];
  const text = `Webhooks of "${service.friendlyName}" point to ${withoutSecrets(url)}`;
  if (listener === 'another integration') return [{ upToDate: [`${text}, another integration: kept`] }];
  if (callbackUrl !== null) return [{ upToDate: [`${text}, another stack: kept`] }];
  return [
    {
      manualSteps: [
        {
          what: `${text}. This may be this stack's URL, but the stack does not exist`,
          fix: `${pageOf(service)} > Webhooks: if nothing responds there any more, clear the pre-event and the post-event URL`,
        },
      ],
    },
  ];
}

function planAddress(account: TwilioAccount, configuration: AddressConfiguration): PlanPart {
  const { address, friendlyName, type } = configuration;
  if (friendlyName !== OUR_NAME)
    return { upToDate: [`The address configuration of ${address} was not created by setup: kept`] };
  if (type !== 'default') {
    return {
      upToDate: [
        `The address configuration of ${address} now belongs to another integration (${otherIntegration(configuration)}): kept`,
      ],
    };
  }
  return {
    changes: [
      {
        summary: `Delete the address configuration "${OUR_NAME}" of ${address}`,
        diff: [{ what: 'autocreation', from: 'on', to: null }],
        apply: () => account.removeAddress(configuration),
      },
    ],
  };
}

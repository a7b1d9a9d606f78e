import { ConfigurationError } from '../../lambdas/errors';
import type { Change, ManualStep, PlanPart } from '../plan/plan';
import { type ConversationService, pageOf } from './conversation-service';
import { type Place, REPLACE_EXISTING } from './plan-part';
import {
  eventsOfOthers,
  hasNone,
  listenerAt,
  pointedAt,
  type Webhooks,
  webhookDifferences,
  withoutSecrets,
} from './webhooks';

/** Placeholder for the URL of a stack that is not deployed yet. */
const NOT_DEPLOYED = "the stack's TwilioConversationsCallbackUrl, once it is deployed";

/**
 * Plans the webhooks of Frontline's service (twilio.md#configuration).
 * @param callbackUrl null until the stack is deployed
 */
export async function planWebhooks(place: Place, callbackUrl: string | null): Promise<PlanPart> {
  const { account, service, replaceExisting } = place;
  const own = await account.readWebhooks(service.sid);
  const ofAccount = await account.readAccountWebhooks();
  const upToDate = [...keptEvents(own), ...silence(own, ofAccount, callbackUrl)];

  const manualSteps = replaceExisting ? [] : inTheWay(service, own, ofAccount, callbackUrl);
  if (manualSteps.length > 0) return { upToDate, manualSteps };
  const diff = webhookDifferences(own, pointedAt(callbackUrl ?? NOT_DEPLOYED, own));
  if (diff.length === 0) {
    return { upToDate: [`Webhooks of "${service.friendlyName}" point to this stack`, ...upToDate] };
  }
  const silenced = heardByAccount(own, ofAccount, callbackUrl);
  const change: Change = {
    summary: `Point the webhooks of "${service.friendlyName}" at this stack`,
    diff: [
      ...diff,
      ...silenced.map((url) => ({
        what: "the account's webhook, for this service",
        from: url,
        to: 'no events',
      })),
    ],
    apply: async () => {
      if (callbackUrl === null)
        throw new ConfigurationError(['The stack is not deployed yet: deploy it first']);
      await account.setWebhooks(service.sid, pointedAt(callbackUrl, own));
    },
  };
  return { upToDate, changes: [change] };
}

function keptEvents(own: Webhooks): readonly string[] {
  const others = eventsOfOthers(own);
  return others.length === 0 ? [] : [`Event filters of other integrations are kept: ${others.join(', ')}`];
}

/** The effect on the account's webhooks, which receive no events of a service that has its own webhooks. */
function silence(own: Webhooks, ofAccount: Webhooks, callbackUrl: string | null): readonly string[] {
  const foreign = addressesOfOthers(ofAccount, callbackUrl);
  if (foreign.length === 0 || hasNone(own)) return [];
  return [
    `The account's own webhooks (${foreign.map(withoutSecrets).join(', ')}) receive no events of this service, because it has its own`,
  ];
}

function inTheWay(
  service: ConversationService,
  own: Webhooks,
  ofAccount: Webhooks,
  callbackUrl: string | null,
): readonly ManualStep[] {
  const foreign = addressesOfOthers(own, callbackUrl);
  if (foreign.length > 0) {
    const addresses = foreign.map(withoutSecrets).join(' and ');
    return [
      {
        what: `The webhooks of "${service.friendlyName}" belong to another integration: ${addresses}`,
        fix: `${pageOf(service)} > Webhooks: clear them if nothing needs them and run npm run setup again; or let setup replace them: ${REPLACE_EXISTING}`,
      },
    ];
  }
  const silenced = heardByAccount(own, ofAccount, callbackUrl);
  if (silenced.length === 0) return [];
  const addresses = silenced.map(withoutSecrets).join(' and ');
  return [
    {
      what: `Another integration receives events of "${service.friendlyName}" through the account's webhooks: ${addresses}. It stops receiving them when the service has webhooks of its own`,
      fix: `See Conversations > Global webhooks. If that integration can do without them, let setup continue: ${REPLACE_EXISTING}`,
    },
  ];
}

/** The account's webhooks that notify others of this service's events; a service's own webhooks silence them. */
function heardByAccount(own: Webhooks, ofAccount: Webhooks, callbackUrl: string | null): readonly string[] {
  return hasNone(own) ? addressesOfOthers(ofAccount, callbackUrl) : [];
}

function addressesOfOthers({ preUrl, postUrl }: Webhooks, callbackUrl: string | null): readonly string[] {
  const others = [preUrl, postUrl].flatMap((url) =>
    url !== null && listenerAt(url, callbackUrl) === 'another integration' ? [url] : [],
  );
  return [...new Set(others)];
}

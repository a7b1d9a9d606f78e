import { ConfigurationError } from '../../lambdas/errors';
import type { ManualStep, PlanPart } from '../plan/plan';
import { pageOf } from './conversation-service';
import type { PlannedService } from './planned-service';
import type { TwilioContext } from './twilio-parts';
import {
  eventsOfOthers,
  hasNone,
  listenerAt,
  missingEvents,
  neededEvents,
  pointedAt,
  REPLACE_EXISTING,
  surplusEvents,
  type Webhooks,
  webhookDifferences,
  withoutSecrets,
} from './webhooks';

/** The webhooks of a service that is not created yet. */
const NO_WEBHOOKS: Webhooks = { preUrl: null, postUrl: null, method: 'POST', filters: [] };

/** Placeholder for the URL of a stack that is not deployed yet. */
const NOT_DEPLOYED = "the stack's TwilioConversationsCallbackUrl, once it is deployed";

/** The webhooks that concern the conversation service. */
interface FoundWebhooks {
  readonly service: PlannedService;
  readonly own: Webhooks;
  readonly ofAccount: Webhooks;
  readonly callbackUrl: string | null;
}

/** Plans the webhooks of the conversation service (twilio.md#configuration). */
export async function planWebhooks(context: TwilioContext): Promise<PlanPart> {
  const service = await context.service();
  if (service === null) return {};
  const { account } = context;
  const callbackUrl = await context.callbackUrl();
  const own = service.sid === null ? NO_WEBHOOKS : await account.readWebhooks(service.sid);
  const found = { service, own, ofAccount: await account.readAccountWebhooks(), callbackUrl };
  const present = effective(found);
  const needed = await eventsFor(context, present);
  const upToDate = [...keptEvents(present, needed), ...silenced(found)];

  const manualSteps = context.replaceExisting ? [] : otherIntegrations(found);
  if (manualSteps.length > 0) return { upToDate, manualSteps };
  const wanted = pointedAt(callbackUrl ?? NOT_DEPLOYED, present, needed);
  const differences = webhookDifferences(present, wanted);
  const name = `"${service.friendlyName}"`;
  if (differences.length === 0) return { upToDate: [`Webhooks of ${name} point to this stack`, ...upToDate] };
  const losses = receiversByAccount(found).map((url) => ({
    what: "the account's webhook, for this service",
    from: url,
    to: 'no events',
  }));
  const problems = differences.flatMap(({ what, from, to }) =>
    what === 'events' ? eventProblems(present, needed) : [`${what} is ${from ?? 'blank'} instead of ${to}`],
  );
  return {
    upToDate,
    changes: [
      {
        summary: `Point the webhooks of ${name} at this stack`,
        diff: [...webhookDifferences(own, wanted), ...losses],
        problem: `${name}: ${problems.join('; ')}`,
        apply: async () => {
          if (callbackUrl === null) {
            throw new ConfigurationError(['The stack is not deployed yet: deploy it first']);
          }
          await account.setWebhooks(service.requireSid(), wanted);
        },
      },
    ],
  };
}

/** The event filters to keep or to add. An inbox that `.env` does not have keeps its own, so that it keeps working. */
async function eventsFor(
  { settings, isInboxStackAbsent }: TwilioContext,
  present: Webhooks,
): Promise<readonly string[]> {
  const needed = neededEvents({ hasInbox: settings.inbox.isOn });
  const surplus = surplusEvents(present, needed);
  return surplus.length === 0 || (await isInboxStackAbsent()) ? needed : [...needed, ...surplus];
}

/** The webhooks that apply: the account's, if they point to this stack and the service has none of its own. */
function effective({ own, ofAccount, callbackUrl }: FoundWebhooks): Webhooks {
  const isOurs = (url: string | null) => listenerAt(url, callbackUrl) === 'this stack';
  return hasNone(own) && (isOurs(ofAccount.preUrl) || isOurs(ofAccount.postUrl)) ? ofAccount : own;
}

function eventProblems(present: Webhooks, needed: readonly string[]): readonly string[] {
  const missing = missingEvents(present, needed);
  const surplus = surplusEvents(present, needed);
  return [
    ...(missing.length > 0 ? [`missing event filters: ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`event filters of an inbox that is off: ${surplus.join(', ')}`] : []),
  ];
}

function keptEvents(present: Webhooks, needed: readonly string[]): readonly string[] {
  const others = eventsOfOthers(present, needed);
  return others.length === 0 ? [] : [`Event filters of other integrations are kept: ${others.join(', ')}`];
}

/** The effect on the account's webhooks, which receive no events of a service that has its own webhooks. */
function silenced({ own, ofAccount, callbackUrl }: FoundWebhooks): readonly string[] {
  const foreign = addressesOfOthers(ofAccount, callbackUrl);
  if (foreign.length === 0 || hasNone(own)) return [];
  const urls = foreign.map(withoutSecrets).join(', ');
  return [`The account's own webhooks (${urls}) receive no events of this service, because it has its own`];
}

function otherIntegrations(found: FoundWebhooks): readonly ManualStep[] {
  const { service, own, callbackUrl } = found;
  const list = (urls: readonly string[]) => urls.map(withoutSecrets).join(' and ');
  const foreign = addressesOfOthers(own, callbackUrl);
  if (foreign.length > 0) {
    const what = `The webhooks of "${service.friendlyName}" belong to another integration: ${list(foreign)}`;
    const fix = `${pageOf(service)} > Webhooks: clear them if nothing needs them and run npx frontline setup again; or let setup replace them: ${REPLACE_EXISTING}`;
    return [{ what, fix }];
  }
  const receivers = receiversByAccount(found);
  if (receivers.length === 0) return [];
  const what = `Another integration receives events of "${service.friendlyName}" through the account's webhooks: ${list(receivers)}. It stops receiving them when the service has webhooks of its own`;
  const fix = `See Conversations > Global webhooks. If that integration can do without them, let setup continue: ${REPLACE_EXISTING}`;
  return [{ what, fix }];
}

/** The account's webhooks that notify others of this service's events; a service's own webhooks silence them. */
function receiversByAccount({ own, ofAccount, callbackUrl }: FoundWebhooks): readonly string[] {
  return hasNone(own) ? addressesOfOthers(ofAccount, callbackUrl) : [];
}

function addressesOfOthers({ preUrl, postUrl }: Webhooks, callbackUrl: string | null): readonly string[] {
  const others = [preUrl, postUrl].flatMap((url) =>
    url !== null && listenerAt(url, callbackUrl) === 'another integration' ? [url] : [],
  );
  return [...new Set(others)];
}

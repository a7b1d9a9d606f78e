import type { Routing } from '../../lambdas/config-schema';
import type { Change, PlanPart } from '../plan/plan';
import { PlannedService } from './planned-service';
import type { TwilioAccount } from './twilio-account';
import type { TwilioContext } from './twilio-parts';
import { listenerAt } from './webhooks';

/** The friendly name by which setup and teardown recognise what setup created. */
export const OUR_NAME = 'Frontline Airtable';

/** A conversation service. An account has one or more (twilio.md#configuration). */
export interface ConversationService {
  readonly sid: string;
  readonly friendlyName: string;
}

export interface ConversationServices {
  readonly services: readonly ConversationService[];
  /** The service of conversations that are created without a service; null if absent. */
  readonly defaultSid: string | null;
  readonly defaultMessagingServiceSid: string | null;
}

/**
 * The conversation service that Frontline shows. If exactly one is named after Frontline, it is that one. Otherwise it is
 * the account's default: among the named ones if there are several, else among all. Null if that does not decide.
 */
function frontlineService({ services, defaultSid }: ConversationServices): ConversationService | null {
  const named = namedAfterFrontline(services);
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  // If the default is not one of several candidates, it belongs to another integration and must not be changed.
  const candidates = only === undefined ? services : named;
  return candidates.find(({ sid }) => sid === defaultSid) ?? null;
}

const NAMED_AFTER_FRONTLINE = /frontline/i;

function namedAfterFrontline(services: readonly ConversationService[]): readonly ConversationService[] {
  const named = services.filter(isOfFrontline);
  return named.length > 0
    ? named
    : services.filter(({ friendlyName }) => NAMED_AFTER_FRONTLINE.test(friendlyName));
}

/**
 * Whether the service is Frontline's own, as far as an API shows it: Twilio names it after Frontline. Setup names the
 * services that it makes after this project, which is not Frontline.
 */
export function isOfFrontline({ friendlyName }: ConversationService): boolean {
  return NAMED_AFTER_FRONTLINE.test(friendlyName) && friendlyName !== OUR_NAME;
}

interface ServiceCandidates {
  readonly found: ConversationServices;
  readonly account: Pick<TwilioAccount, 'readWebhooks'>;
  readonly routing: Routing;
  /** Null until the stack is deployed. Only read if several services could be meant. */
  readonly callbackUrl: () => Promise<string | null>;
}

/**
 * The conversation service of this service: Frontline's, if the account has Frontline, because both work on the same
 * chats. Without Frontline the default, because chats that the inbox starts are there; else the only one, the one that
 * notifies this stack already, or a new one. Null if Frontline's is ambiguous.
 */
export async function chooseService({
  found,
  account,
  routing,
  callbackUrl,
}: ServiceCandidates): Promise<PlannedService | null> {
  const { services, defaultSid } = found;
  const planned = ({ friendlyName, sid }: ConversationService) => new PlannedService(friendlyName, sid);
  if (routing === 'frontline' || services.some(isOfFrontline)) {
    const service = frontlineService(found);
    return service && planned(service);
  }
  const byDefault = services.find(({ sid }) => sid === defaultSid);
  if (byDefault !== undefined) return planned(byDefault);
  const [only, ...others] = services;
  if (only !== undefined && others.length === 0) return planned(only);
  for (const service of services) {
    const { preUrl, postUrl } = await account.readWebhooks(service.sid);
    const ours = await callbackUrl();
    if ([preUrl, postUrl].some((url) => listenerAt(url, ours) === 'this stack')) {
      return planned(service);
    }
  }
  const created = services.find(({ friendlyName }) => friendlyName === OUR_NAME);
  return created === undefined ? new PlannedService(OUR_NAME, null) : planned(created);
}

/** The console page of a service's settings. */
export function pageOf({ friendlyName }: Pick<ConversationService, 'friendlyName'>): string {
  return `Conversations > Services > ${friendlyName}`;
}

const DEFAULTS_PAGE = 'Conversations > Defaults';

/** Plans the service and the account's defaults, because the app and the inbox use the default service. */
export async function planServices(context: TwilioContext): Promise<PlanPart> {
  const found = await context.services();
  const service = await context.service();
  if (service === null) return withMessaging(ambiguous(found), context, found);
  const part = planDefault(context, found, service);
  const created: readonly Change[] = service.sid === null ? [creation(context, service)] : [];
  return withMessaging({ ...part, changes: [...created, ...(part.changes ?? [])] }, context, found);
}

/** With an inbox, the plan of the messaging service has a part of its own. */
function withMessaging(
  part: PlanPart,
  { settings }: TwilioContext,
  { defaultMessagingServiceSid }: ConversationServices,
): PlanPart {
  if (settings.inbox.isOn) return part;
  if (defaultMessagingServiceSid !== null) {
    const messaging = `The default messaging service is ${defaultMessagingServiceSid}`;
    return { ...part, upToDate: [...(part.upToDate ?? []), messaging] };
  }
  const noMessaging = {
    what: 'The account has no default messaging service: conversations cannot be started (48032)',
    fix: `${DEFAULTS_PAGE}: select a default messaging service whose sender pool has your numbers`,
  };
  return { ...part, manualSteps: [...(part.manualSteps ?? []), noMessaging] };
}

function creation({ account }: TwilioContext, service: PlannedService): Change {
  return {
    summary: `Create the conversation service "${service.friendlyName}"`,
    diff: [{ what: 'conversation service', from: null, to: service.friendlyName }],
    problem: 'The account has no default conversation service, and none that setup created',
    apply: async () => service.setSid(await account.createConversationService(service.friendlyName)),
  };
}

function ambiguous({ services, defaultSid }: ConversationServices): PlanPart {
  const names = services.map(({ friendlyName }) => `"${friendlyName}"`).join(', ') || 'none';
  const present = defaultSid === null ? 'no default' : `the default is ${nameOf(defaultSid, services)}`;
  const what = `Frontline's conversation service is ambiguous: the account has ${names}, and ${present}`;
  const fix = `${DEFAULTS_PAGE}: select Frontline's as the default conversation service. Without one, Frontline is not set up in this account`;
  return { manualSteps: [{ what, fix }] };
}

function planDefault(
  { account, settings }: TwilioContext,
  { services, defaultSid }: ConversationServices,
  service: PlannedService,
): PlanPart {
  const { friendlyName } = service;
  if (defaultSid !== null && defaultSid === service.sid) {
    return { upToDate: [`"${friendlyName}" is the default conversation service`] };
  }
  if (defaultSid === null) {
    const summary = `Make "${friendlyName}" the default conversation service`;
    const to = service.sid === null ? friendlyName : `${friendlyName} (${service.sid})`;
    const diff = [{ what: 'default conversation service', from: null, to }];
    return { changes: [{ summary, diff, apply: () => account.setDefaultService(service.requireSid()) }] };
  }
  const present = nameOf(defaultSid, services);
  const loss = settings.inbox.isOn
    ? 'chats that begin in the inbox are in the wrong service'
    : 'Frontline does not show its conversations';
  const what = `The default conversation service is ${present}, not "${friendlyName}": ${loss}`;
  const fix = `${DEFAULTS_PAGE}: select "${friendlyName}" as the default conversation service. Other integrations may rely on ${present}, so setup does not change it`;
  return { manualSteps: [{ what, fix }] };
}

function nameOf(wanted: string, services: readonly ConversationService[]): string {
  const service = services.find(({ sid }) => sid === wanted);
  return service === undefined ? wanted : `"${service.friendlyName}"`;
}

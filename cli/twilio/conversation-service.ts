import type { PlanPart } from '../plan/plan';
import type { TwilioContext } from './twilio-parts';

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
 * The service whose conversations Frontline shows: the one that is named after Frontline. If several are, the one of
 * them that is the account's default; if none is, the default. Null if that is ambiguous.
 */
export function frontlineService({ services, defaultSid }: ConversationServices): ConversationService | null {
  const named = services.filter(({ friendlyName }) => NAMED_AFTER_FRONTLINE.test(friendlyName));
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  // If the default is not one of several candidates, it belongs to another integration and must not be changed.
  const candidates = only === undefined ? services : named;
  return candidates.find(({ sid }) => sid === defaultSid) ?? null;
}

const NAMED_AFTER_FRONTLINE = /frontline/i;

/**
 * Whether the service is Frontline's own, as far as an API shows it: Twilio names it after Frontline. Setup names the
 * services that it makes after this project, which is not Frontline.
 */
export function isOfFrontline({ friendlyName }: ConversationService): boolean {
  return NAMED_AFTER_FRONTLINE.test(friendlyName) && friendlyName !== OUR_NAME;
}

/** The console page of a service's settings. */
export function pageOf({ friendlyName }: ConversationService): string {
  return `Conversations > Services > ${friendlyName}`;
}

const DEFAULTS_PAGE = 'Conversations > Defaults';

/** Plans the account's defaults, because the app shows only chats of the default service. */
export async function planServices(context: TwilioContext): Promise<PlanPart> {
  const found = await context.services();
  const service = frontlineService(found);
  const part = service === null ? ambiguous(found) : planDefault(context, found, service);
  if (found.defaultMessagingServiceSid !== null) {
    const messaging = `The default messaging service is ${found.defaultMessagingServiceSid}`;
    return { ...part, upToDate: [...(part.upToDate ?? []), messaging] };
  }
  const noMessaging = {
    what: 'The account has no default messaging service: conversations cannot be started (48032)',
    fix: `${DEFAULTS_PAGE}: select a default messaging service whose sender pool has your numbers`,
  };
  return { ...part, manualSteps: [...(part.manualSteps ?? []), noMessaging] };
}

function ambiguous({ services, defaultSid }: ConversationServices): PlanPart {
  const names = services.map(({ friendlyName }) => `"${friendlyName}"`).join(', ') || 'none';
  const present = defaultSid === null ? 'no default' : `the default is ${nameOf(defaultSid, services)}`;
  const what = `Frontline's conversation service is ambiguous: the account has ${names}, and ${present}`;
  const fix = `${DEFAULTS_PAGE}: select Frontline's as the default conversation service. Without one, Frontline is not set up in this account`;
  return { manualSteps: [{ what, fix }] };
}

function planDefault(
  { account }: TwilioContext,
  { services, defaultSid }: ConversationServices,
  { sid, friendlyName }: ConversationService,
): PlanPart {
  if (defaultSid === sid) return { upToDate: [`"${friendlyName}" is the default conversation service`] };
  if (defaultSid === null) {
    const summary = `Make "${friendlyName}" the default conversation service`;
    const diff = [{ what: 'default conversation service', from: null, to: `${friendlyName} (${sid})` }];
    return { changes: [{ summary, diff, apply: () => account.setDefaultService(sid) }] };
  }
  const present = nameOf(defaultSid, services);
  const what = `The default conversation service is ${present}, not "${friendlyName}": Frontline does not show its conversations`;
  const fix = `${DEFAULTS_PAGE}: select "${friendlyName}" as the default conversation service. Other integrations may rely on ${present}, so setup does not change it`;
  return { manualSteps: [{ what, fix }] };
}

function nameOf(wanted: string, services: readonly ConversationService[]): string {
  const service = services.find(({ sid }) => sid === wanted);
  return service === undefined ? wanted : `"${service.friendlyName}"`;
}

import type { PlanPart } from '../plan/plan';
import { type ConversationService, type ConversationServices, DEFAULTS_PAGE } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** Plans the account's defaults, because the app shows only chats of the default service. */
export function planDefaults(
  account: TwilioAccount,
  { services, defaultSid, defaultMessagingServiceSid }: ConversationServices,
  service: ConversationService | null,
): readonly PlanPart[] {
  if (service === null)
    return [noService(services, defaultSid), messagingService(defaultMessagingServiceSid)];
  return [
    defaultService(account, services, defaultSid, service),
    messagingService(defaultMessagingServiceSid),
  ];
}

function noService(services: readonly ConversationService[], defaultSid: string | null): PlanPart {
  const names = services.map(({ friendlyName }) => `"${friendlyName}"`).join(', ') || 'none';
  const present = defaultSid === null ? 'no default' : `the default is ${nameOf(defaultSid, services)}`;
  return {
    manualSteps: [
      {
        what: `Frontline's conversation service is ambiguous: the account has ${names}, and ${present}`,
        fix: `${DEFAULTS_PAGE}: select Frontline's as the default conversation service. Without one, Frontline is not set up in this account`,
      },
    ],
  };
}

function defaultService(
  account: TwilioAccount,
  services: readonly ConversationService[],
  defaultSid: string | null,
  service: ConversationService,
): PlanPart {
  if (defaultSid === service.sid) {
    return { upToDate: [`"${service.friendlyName}" is the default conversation service`] };
  }
  if (defaultSid === null) {
    const to = `${service.friendlyName} (${service.sid})`;
    return {
      changes: [
        {
          summary: `Make "${service.friendlyName}" the default conversation service`,
          diff: [{ what: 'default conversation service', from: null, to }],
          apply: () => account.setDefaultService(service.sid),
        },
      ],
    };
  }
  const present = nameOf(defaultSid, services);
  return {
    manualSteps: [
      {
        what: `The default conversation service is ${present}, not "${service.friendlyName}": Frontline does not show its conversations`,
        fix: `${DEFAULTS_PAGE}: select "${service.friendlyName}" as the default conversation service. Other integrations may rely on ${present}, so setup does not change it`,
      },
    ],
  };
}

function nameOf(wanted: string, services: readonly ConversationService[]): string {
  const service = services.find(({ sid }) => sid === wanted);
  return service === undefined ? wanted : `"${service.friendlyName}"`;
}

function messagingService(sid: string | null): PlanPart {
  if (sid !== null) return { upToDate: [`The default messaging service is ${sid}`] };
  return {
    manualSteps: [
      {
        what: 'The account has no default messaging service: conversations cannot be started (48032)',
        fix: `${DEFAULTS_PAGE}: select a default messaging service whose sender pool has your numbers`,
      },
    ],
  };
}

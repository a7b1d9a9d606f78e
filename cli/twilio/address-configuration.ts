import type { Configuration } from '../../lambdas/config';
import { addressOn } from '../../lambdas/phone-number/address';
import type { Diff, PlanPart } from '../plan/plan';
import { type ConversationServices, OUR_NAME } from './conversation-service';
import type { PlannedService } from './planned-service';
import type { TwilioContext } from './twilio-parts';
import { REPLACE_EXISTING, withoutSecrets } from './webhooks';

/** The autocreation settings of one of the service's addresses (twilio.md#configuration). */
export interface AddressConfiguration {
  readonly sid: string;
  /** `+1…` or `whatsapp:+1…`. */
  readonly address: string;
  readonly friendlyName: string | null;
  readonly enabled: boolean;
  /** `default` only creates a conversation; `webhook` and `studio` pass it to another integration. */
  readonly type: string;
  /** Null for the account's default service. */
  readonly serviceSid: string | null;
  /** The URL or flow of the other integration. */
  readonly target: string | null;
}

/** The address of the service's WhatsApp sender as Twilio writes it; null if absent. */
export function whatsappAddress({ whatsappNumber }: Configuration): string | null {
  return whatsappNumber && addressOn('whatsapp', whatsappNumber).text;
}

/** Plans autocreation of conversations for an address (twilio.md#configuration). */
export async function planAddress(
  context: TwilioContext,
  address: string,
  fixIfItFails?: string,
): Promise<PlanPart> {
  const services = await context.services();
  const service = await context.service();
  if (service === null) return {};
  const present = (await context.addresses()).find((one) => one.address === address) ?? null;
  const problem = problemOf(address, present, service, services);
  if (problem === null) {
    return {
      upToDate: [`Inbound messages to ${address} auto-create conversations in "${service.friendlyName}"`],
    };
  }
  if (present !== null && present.type !== 'default' && !context.replaceExisting) {
    const fix = `Remove it in that integration (or Flex > Manage > Messaging) and run npx frontline setup again; or let setup replace it: ${REPLACE_EXISTING}`;
    return { manualSteps: [{ what: problem, fix }] };
  }
  const place = present === null ? `(address configuration "${OUR_NAME}")` : `in "${service.friendlyName}"`;
  return {
    changes: [
      {
        summary: `Auto-create conversations for ${address} ${place}`,
        diff: differences(present, service),
        problem,
        ...(fixIfItFails !== undefined && { fixIfItFails }),
        apply: () =>
          context.account.openConversationsAt(address, {
            serviceSid: service.requireSid(),
            friendlyName: OUR_NAME,
          }),
      },
    ],
  };
}

function problemOf(
  address: string,
  present: AddressConfiguration | null,
  service: PlannedService,
  { defaultSid }: ConversationServices,
): string | null {
  const inbound = `Inbound messages to ${address}`;
  if (present === null) return `${inbound} create no conversations: the address is not configured`;
  if (present.type !== 'default')
    return `${inbound} belong to another integration: ${otherIntegration(present)}`;
  if (!present.enabled) return `${inbound} create no conversations: autocreation is off`;
  return (present.serviceSid ?? defaultSid) === service.sid
    ? null
    : `${inbound} create conversations in ${present.serviceSid} instead of "${service.friendlyName}"`;
}

function differences(present: AddressConfiguration | null, service: PlannedService): readonly Diff[] {
  const enabled = present?.enabled ? 'on' : 'off';
  const all: readonly Diff[] = [
    { what: 'autocreation', from: present && enabled, to: 'on' },
    { what: 'type', from: present?.type ?? null, to: 'default' },
    { what: 'conversation service', from: present?.serviceSid ?? null, to: service.label },
    { what: 'target', from: present?.target ?? null, to: null },
  ];
  return all.filter((one) => one.from !== one.to);
}

/** Describes the other integration. */
export function otherIntegration({ type, target }: AddressConfiguration): string {
  return `type ${type}${target === null ? '' : `, target ${withoutSecrets(target)}`}`;
}

import type { Diff } from '../plan/plan';
import type { ConversationService, ConversationServices } from './conversation-service';
import { withoutSecrets } from './webhooks';

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
  readonly leadsTo: string | null;
}

/** The friendly name by which a teardown recognises configurations that setup created. */
export const OUR_NAME = 'Frontline Airtable';

/** Whether an address is configured as the service needs it, or how it differs. */
export type AddressState = 'up to date' | 'absent' | 'off' | 'elsewhere' | 'of another integration';

/** @param present null if the address is not configured */
export function stateOfAddress(
  present: AddressConfiguration | null,
  service: ConversationService,
  { defaultSid }: ConversationServices,
): AddressState {
  if (present === null) return 'absent';
  if (present.type !== 'default') return 'of another integration';
  if (!present.enabled) return 'off';
  return (present.serviceSid ?? defaultSid) === service.sid ? 'up to date' : 'elsewhere';
}

/** The changes that make the address auto-create conversations in the service. */
export function addressDifferences(
  present: AddressConfiguration | null,
  service: ConversationService,
): readonly Diff[] {
  const all: readonly Diff[] = [
    { what: 'autocreation', from: present === null ? null : onOrOff(present.enabled), to: 'on' },
    { what: 'type', from: present?.type ?? null, to: 'default' },
    { what: 'conversation service', from: present?.serviceSid ?? null, to: service.sid },
    { what: 'target', from: present?.leadsTo ?? null, to: null },
  ];
  return all.filter((one) => one.from !== one.to);
}

function onOrOff(enabled: boolean): string {
  return enabled ? 'on' : 'off';
}

/** Describes the other integration. */
export function otherIntegration({ type, leadsTo }: AddressConfiguration): string {
  return `type ${type}${leadsTo === null ? '' : `, target ${withoutSecrets(leadsTo)}`}`;
}

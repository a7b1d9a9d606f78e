import type { Difference } from '../plan/plan';
import type { ConversationService, ConversationServices } from './conversation-service';
import { withoutSecrets } from './webhooks';

/** What happens when somebody writes to an address of ours for the first time (twilio.md#configuration). */
export interface AddressConfiguration {
  readonly sid: string;
  /** `+1…` or `whatsapp:+1…`. */
  readonly address: string;
  readonly friendlyName: string | null;
  readonly enabled: boolean;
  /** `default` makes a conversation and no more; `webhook` and `studio` hand it to another integration. */
  readonly type: string;
  /** Null for the account's default service. */
  readonly serviceSid: string | null;
  /** Where another integration is told of it. */
  readonly leadsTo: string | null;
}

/** By this name a teardown knows what a set-up made. */
export const OUR_NAME = 'Frontline Airtable';

/** How an address is configured, as the service needs it; or in how far it is not. */
export type AddressState = 'right' | 'absent' | 'off' | 'elsewhere' | 'of another integration';

/** @param present null where the address is not configured at all. */
export function stateOfAddress(
  present: AddressConfiguration | null,
  service: ConversationService,
  { defaultSid }: ConversationServices,
): AddressState {
  if (present === null) return 'absent';
  if (present.type !== 'default') return 'of another integration';
  if (!present.enabled) return 'off';
  return (present.serviceSid ?? defaultSid) === service.sid ? 'right' : 'elsewhere';
}

/** What changes where the address is made to open conversations in the service. */
export function addressDifferences(
  present: AddressConfiguration | null,
  service: ConversationService,
): readonly Difference[] {
  const all: readonly Difference[] = [
    { what: 'autocreation', from: present === null ? null : onOrOff(present.enabled), to: 'on' },
    { what: 'type', from: present?.type ?? null, to: 'default' },
    { what: 'conversation service', from: present?.serviceSid ?? null, to: service.sid },
    { what: 'leads to', from: present?.leadsTo ?? null, to: null },
  ];
  return all.filter((one) => one.from !== one.to);
}

function onOrOff(enabled: boolean): string {
  return enabled ? 'on' : 'off';
}

/** The other integration in words. */
export function otherIntegration({ type, leadsTo }: AddressConfiguration): string {
  return `type ${type}${leadsTo === null ? '' : `, which leads to ${withoutSecrets(leadsTo)}`}`;
}

import type { CheckResult } from '../doctor/health-check';
import { type AddressConfiguration, otherIntegration, stateOfAddress } from './address-configuration';
import type { ConversationService, ConversationServices } from './conversation-service';
import { REPLACE_EXISTING } from './plan-part';

/** Whether inbound messages to the address auto-create conversations that Frontline shows (twilio.md#configuration). */
export function addressOutcome(
  address: string,
  present: AddressConfiguration | null,
  service: ConversationService,
  services: ConversationServices,
): CheckResult {
  const wrong = (message: string, fix = 'npm run setup'): CheckResult => ({ status: 'fail', message, fix });
  switch (stateOfAddress(present, service, services)) {
    case 'up to date':
      return { status: 'pass', message: `first messages to ${address} make conversations` };
    case 'absent':
      return wrong(
        `the address ${address} is not configured, and so makes no conversations of first messages`,
        `npm run setup configures it. A messaging service may make them too ("Autocreate a Conversation"), but Twilio does not show whether it does`,
      );
    case 'off':
      return wrong(`first messages to ${address} make no conversations: that is switched off`);
    case 'elsewhere':
      return wrong(
        `first messages to ${address} make conversations in the service ${present?.serviceSid}, which is not "${service.friendlyName}"`,
      );
    case 'of another integration':
      return wrong(
        `first messages to ${address} belong to another integration${present === null ? '' : `: ${otherIntegration(present)}`}`,
        `If nothing needs it any more, let set-up replace it: ${REPLACE_EXISTING}`,
      );
  }
}

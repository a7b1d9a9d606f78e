import type { PlanPart } from '../plan/plan';
import {
  type AddressConfiguration,
  addressDifferences,
  OUR_NAME,
  otherIntegration,
  stateOfAddress,
} from './address-configuration';
import { type Place, REPLACE_EXISTING } from './plan-part';

const WHATSAPP_FIX =
  'Correct TWILIO_WHATSAPP_NUMBER in .env as Messaging > Senders > WhatsApp senders shows it, or leave it blank, and run npm run setup again';

/** Plans autocreation of conversations for the service's addresses (twilio.md#configuration). */
export async function planAddresses(
  place: Place,
  addresses: readonly string[],
): Promise<readonly PlanPart[]> {
  const configured = await place.account.listAddresses();
  return addresses.map((address) =>
    planAddress(place, address, configured.find((one) => one.address === address) ?? null),
  );
}

function planAddress(place: Place, address: string, present: AddressConfiguration | null): PlanPart {
  const { account, services, service, replaceExisting } = place;
  const state = stateOfAddress(present, service, services);
  if (state === 'up to date') {
    return {
      upToDate: [`Inbound messages to ${address} auto-create conversations in "${service.friendlyName}"`],
    };
  }
  if (state === 'of another integration' && present !== null && !replaceExisting) {
    return {
      manualSteps: [
        {
          what: `Inbound messages to ${address} belong to another integration: ${otherIntegration(present)}`,
          fix: `Remove it in that integration (or Flex > Manage > Messaging) and run npm run setup again; or let setup replace it: ${REPLACE_EXISTING}`,
        },
      ],
    };
  }
  return {
    changes: [
      {
        summary:
          present === null
            ? `Auto-create conversations for ${address} (address configuration "${OUR_NAME}")`
            : `Auto-create conversations for ${address} in "${service.friendlyName}"`,
        diff: addressDifferences(present, service),
        ...(address.startsWith('whatsapp:') && { fixIfItFails: WHATSAPP_FIX }),
        apply: () =>
          account.openConversationsAt(address, { serviceSid: service.sid, friendlyName: OUR_NAME }),
      },
    ],
  };
}

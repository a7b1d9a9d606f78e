import type { SurveyPart } from '../plan/plan';
import {
  type AddressConfiguration,
  addressDifferences,
  OUR_NAME,
  otherIntegration,
  stateOfAddress,
} from './address-configuration';
import { type Place, TAKE_OVER } from './plan-part';

/** Plans autocreation of conversations for the service's addresses (twilio.md#configuration). */
export async function planAddresses(
  place: Place,
  addresses: readonly string[],
): Promise<readonly SurveyPart[]> {
  const configured = await place.account.listAddresses();
  return addresses.map((address) =>
    planAddress(place, address, configured.find((one) => one.address === address) ?? null),
  );
}

function planAddress(place: Place, address: string, present: AddressConfiguration | null): SurveyPart {
  const { account, services, service, takeOver } = place;
  const state = stateOfAddress(present, service, services);
  if (state === 'right') {
    return { right: [`First messages to ${address} make conversations in "${service.friendlyName}"`] };
  }
  if (state === 'of another integration' && present !== null && !takeOver) {
    return {
      obstacles: [
        {
          what: `First messages to ${address} belong to another integration: ${otherIntegration(present)}`,
          remedy: `Remove it where it was made (Flex > Manage > Messaging, or by the integration itself), and run npm run setup again; or let set-up replace it: ${TAKE_OVER}`,
        },
      ],
    };
  }
  return {
    changes: [
      {
        summary:
          present === null
            ? `Let first messages to ${address} make conversations (address configuration "${OUR_NAME}")`
            : `Let first messages to ${address} make conversations in "${service.friendlyName}"`,
        difference: addressDifferences(present, service),
        apply: () =>
          account.openConversationsAt(address, { serviceSid: service.sid, friendlyName: OUR_NAME }),
      },
    ],
  };
}

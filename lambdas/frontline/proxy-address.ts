import type { Configuration } from '../config';
import { BadRequestError, ForbiddenError } from '../errors';
import { type Address, addressOn, parseAddress } from '../phone-number/address';

/**
 * The team's address in a conversation that a worker starts (twilio.md#outgoing-conversations).
 * @throws {ForbiddenError} if the team has no number for the channel: a response without one is worse for the app.
 */
export function proxyAddressFor(
  channelType: string,
  channelValue: string,
  configuration: Configuration,
): string {
  const proxy = ourAddress(channelType, configuration);
  const customer = parseAddress(channelValue);
  if (customer?.channel !== proxy.channel) {
    throw new BadRequestError(
      'parameter',
      `ChannelValue is malformed: it must be an address for ${channelType}`,
      {
        userMessage: "This customer's number is not one that can be written to. Please check it in Airtable.",
      },
    );
  }
  if (customer.key === proxy.key) {
    throw new ForbiddenError("ChannelValue is our own number: the customer's number in Airtable is wrong", {
      userMessage: 'This is our own number. Please correct the customer in Airtable.',
    });
  }
  return proxy.text;
}

function ourAddress(channelType: string, { smsNumber, whatsappNumber }: Configuration): Address {
  if (channelType === 'sms') return addressOn('sms', smsNumber);
  if (channelType === 'whatsapp' && whatsappNumber !== null) return addressOn('whatsapp', whatsappNumber);
  const reason =
    channelType === 'whatsapp'
      ? 'No WhatsApp sender is configured: set TWILIO_WHATSAPP_NUMBER and deploy again'
      : `ChannelType ${JSON.stringify(channelType)} is not supported; expected sms or whatsapp`;
  throw new ForbiddenError(reason, { userMessage: 'Conversations on this channel are not set up.' });
}

import * as v from 'valibot';
import { BadRequestError } from '../errors';
import { type CountryCode, type E164Number, toNumberOrId } from '../phone-number/address';

const ChannelsText = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ type: v.string(), value: v.string() })),
);

export interface Numbers {
  readonly sms: E164Number | null;
  /** A number or a WhatsApp user id, without `whatsapp:`. */
  readonly whatsapp: string | null;
}

/**
 * Parses the channels of a customer to be created, a JSON text (twilio.md#creating-and-deleting-customers).
 * @throws {BadRequestError} with a message for the worker who typed them.
 */
export function parseChannels(json: string, defaultCountry: CountryCode): Numbers {
  const parsed = v.safeParse(ChannelsText, json);
  if (!parsed.success)
    throw rejection('must be a JSON array of {type, value}', 'The numbers could not be read.');
  const channels = parsed.output.filter(({ value }) => value.replace(/^whatsapp:/i, '').trim() !== '');
  if (channels.length === 0) {
    throw rejection('holds no number', 'Please add a phone number, for SMS or for WhatsApp.');
  }
  const numbers: { sms: E164Number | null; whatsapp: string | null } = { sms: null, whatsapp: null };
  for (const { type, value } of channels) {
    if (type !== 'sms' && type !== 'whatsapp') {
      throw rejection(
        `has the type ${JSON.stringify(type)}`,
        'Customers can be added with SMS and WhatsApp numbers only.',
      );
    }
    const number = toNumberOrId(value, type, defaultCountry);
    if (number === null) {
      throw rejection(
        `holds a value for ${type} that is not a phone number`,
        `"${value}" is not a phone number. Please check it.`,
      );
    }
    if (numbers[type] !== null) {
      throw rejection(
        `holds ${type} twice`,
        'Please give one number for SMS and one for WhatsApp at the most.',
      );
    }
    numbers[type] = number;
  }
  return numbers;
}

function rejection(problem: string, userMessage: string): BadRequestError {
  return new BadRequestError('parameter', `Channels ${problem}`, { userMessage });
}

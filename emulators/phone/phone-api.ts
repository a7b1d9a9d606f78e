import * as v from 'valibot';
import { type HttpResponse, json } from '../core/http-response';
import { channelOf } from '../twilio/address-rules';
import type { TwilioEmulator } from '../twilio/twilio-emulator';
import { TwilioError } from '../twilio/twilio-errors';
import type { PhoneCustomer } from './phone-customers';

const HOUR = 60 * 60_000;
const MAX_WAIT_MS = 20_000;

const Address = v.pipe(
  v.string(),
  v.check((text) => channelOf(text) !== undefined, 'is not a number such as +14155550123'),
);
const Named = v.object({ address: Address });
const Written = v.object({ address: Address, text: v.pipe(v.string(), v.maxLength(32_768)) });
const State = v.object({ address: Address, state: v.picklist(['on', 'off', 'landline']) });
const Hours = v.object({ address: Address, hours: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)) });
const PICTURE = /^image\/(jpeg|png|gif|webp)$/;

interface PhoneApi {
  readonly twilio: TwilioEmulator;
  readonly customers: () => readonly PhoneCustomer[];
  /** The last entry of the activity that is not shown, such as those of filling the demo. @default 0 */
  readonly after?: number;
  /** Called after a customer's messages have become older, by milliseconds. */
  readonly onTimePassed?: (
    pair: { address: string; proxyAddress: string },
    milliseconds: number,
  ) => Promise<void>;
}

interface ApiCall {
  /** Such as `GET state`. */
  readonly operation: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What the phone's page asks for. @returns null for an unknown operation */
export async function callPhoneApi(api: PhoneApi, call: ApiCall): Promise<HttpResponse | null> {
  try {
    return await respond(api, call);
  } catch (error) {
    if (error instanceof TwilioError) return json({ message: error.message }, error.status);
    if (!(error instanceof v.ValiError)) throw error;
    const problems = error.issues.map((issue) => `${v.getDotPath(issue) ?? 'The body'}: ${issue.message}`);
    return json({ message: problems.join('; ') }, 400);
  }
}

async function respond(api: PhoneApi, call: ApiCall): Promise<HttpResponse | null> {
  const { twilio, customers, onTimePassed = async () => {} } = api;
  const { query } = call;
  switch (call.operation) {
    case 'GET customers':
      return json({ customers: latestFirst(customers(), twilio), senders: twilio.ourNumbers });
    case 'GET thread': {
      const { address } = v.parse(Named, { address: query.get('address') });
      return json(twilio.phone.thread(pairOf(twilio, address)));
    }
    case 'GET activity': {
      const entries = await twilio.activity.after(
        Math.max(Number(query.get('after')), api.after ?? 0),
        MAX_WAIT_MS,
      );
      return json({ entries, last: twilio.activity.last });
    }
    case 'POST message': {
      const { address, text } = v.parse(Written, jsonIn(call));
      return outcomeOf(await twilio.receiveMessage({ from: address, body: text }));
    }
    case 'POST picture': {
      const { address } = v.parse(Named, { address: query.get('address') });
      if (!PICTURE.test(call.contentType)) return json({ message: 'Only pictures can be sent' }, 415);
      const filename = query.get('filename') ?? undefined;
      const media = [{ bytes: call.body, contentType: call.contentType, filename }];
      return outcomeOf(await twilio.receiveMessage({ from: address, body: '', media }));
    }
    case 'POST read':
      await twilio.readMessages(v.parse(Named, jsonIn(call)).address);
      return json({});
    case 'POST state': {
      const { address, state } = v.parse(State, jsonIn(call));
      await twilio.setPhone(address, state);
      return json({});
    }
    case 'POST time': {
      const { address, hours } = v.parse(Hours, jsonIn(call));
      const pair = pairOf(twilio, address);
      twilio.phone.letTimePass(pair, hours * HOUR);
      await onTimePassed(pair, hours * HOUR);
      return json({});
    }
    default:
      return null;
  }
}

/** Customers with a chat come first, the latest on top; the others keep their order. */
function latestFirst(customers: readonly PhoneCustomer[], twilio: TwilioEmulator): PhoneCustomer[] {
  const times = new Map<string, number>();
  for (const { sid, lastActivity } of twilio.conversations()) {
    const dates = twilio.messages(sid).map(({ dateCreated }) => dateCreated.getTime());
    const time = Math.max(lastActivity.getTime(), ...dates);
    for (const { messagingBinding: binding } of twilio.participants(sid)) {
      if (binding === null) continue;
      const number = binding.address.replace('whatsapp:', '');
      times.set(number, Math.max(time, times.get(number) ?? 0));
    }
  }
  const timeOf = ({ sms, whatsapp }: PhoneCustomer) =>
    Math.max(times.get(sms ?? '') ?? 0, times.get(whatsapp ?? '') ?? 0);
  return customers.toSorted((a, b) => timeOf(b) - timeOf(a));
}

/** A customer writes to the account's number of the same channel. */
function pairOf({ ourNumbers }: TwilioEmulator, address: string) {
  const proxyAddress = ourNumbers.find((number) => channelOf(number) === channelOf(address)) ?? '';
  return { address, proxyAddress };
}

function outcomeOf({
  accepted,
  error,
}: {
  readonly accepted: boolean;
  readonly error?: TwilioError;
}): HttpResponse {
  return accepted ? json({}) : json({ message: error?.message ?? 'No conversation is created for it' }, 409);
}

/** JSON only, because a page elsewhere cannot send it without permission. */
function jsonIn({ contentType, body }: ApiCall): unknown {
  if (contentType !== 'application/json') return null;
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

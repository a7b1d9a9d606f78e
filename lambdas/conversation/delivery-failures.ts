/** The meaning of a delivery failure, and how a worker or an administrator can fix it. */
interface DeliveryFailure {
  readonly means: string;
  readonly remedy: string;
}

/** Twilio's codes (twilio.md#delivery-failures), grouped by meaning. */
const FAILURES: readonly (DeliveryFailure & { readonly codes: readonly number[] })[] = [
  {
    codes: [63_016],
    means: 'more than 24 hours have passed since the customer last wrote on WhatsApp',
    remedy: 'send an approved WhatsApp template; since April 2025 its text alone does not count as one',
  },
  {
    codes: [63_017, 63_018],
    means: 'WhatsApp throttles this sender',
    remedy: 'send it again in some minutes',
  },
  { codes: [63_024], means: 'WhatsApp cannot deliver to this recipient', remedy: 'use SMS, or call' },
  { codes: [63_003], means: 'the address is not on WhatsApp, or wrong', remedy: 'check the number' },
  { codes: [63_032], means: 'Meta holds this person out of an experiment', remedy: 'use SMS' },
  {
    codes: [63_014, 63_033],
    means: 'the customer blocked us, or opted out of marketing templates',
    remedy: 'stop writing to them there',
  },
  {
    codes: [63_049],
    means: 'Meta chose not to deliver a marketing message to this person',
    remedy: 'wait for them to write, or use a utility template',
  },
  { codes: [63_051], means: 'Meta locked our WhatsApp account', remedy: 'tell the administrator' },
  {
    codes: [63_005, 63_013, 63_021],
    means: 'the content was rejected for its form or by policy',
    remedy: 'fill the fields plainly, without line breaks or runs of spaces',
  },
  {
    codes: [63_019, 63_030, 63_034],
    means: 'the attachment is unreadable, too large, or not allowed here',
    remedy: 'send a smaller or another file',
  },
  {
    codes: [63_027, 63_028, 63_040, 63_041, 63_042],
    means: 'the WhatsApp template is rejected, paused, disabled, or does not fit its fields',
    remedy: 'choose another template and tell the administrator',
  },
  {
    codes: [63_020, 63_036, 63_038],
    means: 'the channel cannot deliver now, or the account reached its limit',
    remedy: 'try later, or tell the administrator',
  },
  {
    codes: [21_610],
    means: 'the customer replied STOP to this number',
    remedy: 'do not write; only the customer can undo it, by texting START',
  },
  { codes: [21_611, 30_001], means: 'too many messages wait on our number', remedy: 'wait' },
  {
    codes: [21_612],
    means: 'this number cannot be reached from ours',
    remedy: 'use another number or channel',
  },
  {
    codes: [21_211, 21_614, 30_005, 30_006],
    means: 'the number is invalid, not in service, or a landline',
    remedy: 'check the number, or call',
  },
  {
    codes: [21_408, 30_002],
    means: 'the country is not enabled, or the account is suspended',
    remedy: 'tell the administrator',
  },
  { codes: [30_003], means: 'the phone is off or without signal', remedy: 'try later' },
  { codes: [30_004], means: 'the recipient or the carrier blocked it', remedy: 'use another channel' },
  {
    codes: [30_007],
    means: 'a carrier or Twilio filtered it as spam',
    remedy: 'rephrase it without links; if it repeats, tell the administrator',
  },
  { codes: [30_008], means: 'the carrier gave no reason', remedy: 'try once more' },
  {
    codes: [30_011, 30_017, 30_019],
    means: 'the network does not take pictures now, or the file is too big',
    remedy: 'send text, or try later',
  },
  { codes: [30_022, 30_023, 30_027], means: 'an A2P rate or daily limit is reached', remedy: 'try tomorrow' },
  {
    codes: [30_032, 30_033, 30_034, 30_035],
    means: 'our number or its campaign is not registered, or suspended',
    remedy: 'tell the administrator',
  },
  {
    codes: [30_410],
    means: 'the provider timed out, and the message may have arrived or not',
    remedy: 'ask, or send it again later',
  },
  { codes: [30_450], means: 'protection against traffic fraud holds it back', remedy: 'wait half an hour' },
];

const BY_CODE = new Map(FAILURES.flatMap(({ codes, ...failure }) => codes.map((code) => [code, failure])));

/** Outside its 24-hour window WhatsApp accepts approved templates only. */
export const OUTSIDE_WINDOW = 63_016;

/** One sentence about a message that Twilio accepted and could not deliver. @param code null if Twilio sent none */
export function explainDeliveryFailure(code: number | null): string {
  if (code === null) return 'A message was not delivered. Twilio gave no code; try once more';
  const failure = BY_CODE.get(code);
  const known = failure && `${failure.means}. What to do: ${failure.remedy}`;
  return `A message was not delivered (${code}): ${known ?? `see https://www.twilio.com/docs/api/errors/${code}`}`;
}

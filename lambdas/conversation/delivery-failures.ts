/** The meaning of a delivery failure, and how a worker or an administrator can fix it. */
interface DeliveryFailure {
  readonly means: string;
  readonly fix: string;
}

/** Twilio's codes (twilio.md#delivery-failures), grouped by meaning. */
const FAILURES: readonly (DeliveryFailure & { readonly codes: readonly number[] })[] = [
  {
    codes: [63_016],
    means: 'more than 24 hours have passed since the customer last wrote on WhatsApp',
    fix: 'send an approved WhatsApp template; since April 2025 its text alone does not count as one',
  },
  {
    codes: [63_017, 63_018],
    means: 'WhatsApp throttles this sender',
    fix: 'send it again in some minutes',
  },
  { codes: [63_024], means: 'WhatsApp cannot deliver to this recipient', fix: 'use SMS, or call' },
  { codes: [63_003], means: 'the address is not on WhatsApp, or wrong', fix: 'check the number' },
  { codes: [63_032], means: 'Meta holds this person out of an experiment', fix: 'use SMS' },
  {
    codes: [63_014, 63_033],
    means: 'the customer blocked us, or opted out of marketing templates',
    fix: 'stop writing to them there',
  },
  {
    codes: [63_049],
    means: 'Meta chose not to deliver a marketing message to this person',
    fix: 'wait for them to write, or use a utility template',
  },
  { codes: [63_051], means: 'Meta locked our WhatsApp account', fix: 'tell the administrator' },
  {
    codes: [63_005, 63_013, 63_021],
    means: 'the content was rejected for its form or by policy',
    fix: 'fill the fields plainly, without line breaks or runs of spaces',
  },
  {
    codes: [63_019, 63_030, 63_034],
    means: 'the attachment is unreadable, too large, or not allowed here',
    fix: 'send a smaller or another file',
  },
  {
    codes: [63_027, 63_028, 63_040, 63_041, 63_042],
    means: 'the WhatsApp template is rejected, paused, disabled, or does not fit its fields',
    fix: 'choose another template and tell the administrator',
  },
  {
    codes: [63_020, 63_036, 63_038],
    means: 'the channel cannot deliver now, or the account reached its limit',
    fix: 'try later, or tell the administrator',
  },
  {
    codes: [21_610],
    means: 'the customer replied STOP to this number',
    fix: 'do not write; only the customer can undo it, by texting START',
  },
  { codes: [21_611, 30_001], means: 'too many messages wait on our number', fix: 'wait' },
  {
    codes: [21_612],
    means: 'this number cannot be reached from ours',
    fix: 'use another number or channel',
  },
  {
    codes: [21_211, 21_614, 30_005, 30_006],
    means: 'the number is invalid, not in service, or a landline',
    fix: 'check the number, or call',
  },
  {
    codes: [21_408, 30_002],
    means: 'the country is not enabled, or the account is suspended',
    fix: 'tell the administrator',
  },
  { codes: [30_003], means: 'the phone is off or without signal', fix: 'try later' },
  { codes: [30_004], means: 'the recipient or the carrier blocked it', fix: 'use another channel' },
  {
    codes: [30_007],
    means: 'a carrier or Twilio filtered it as spam',
    fix: 'rephrase it without links; if it repeats, tell the administrator',
  },
  { codes: [30_008], means: 'the carrier gave no reason', fix: 'try once more' },
  {
    codes: [30_011, 30_017, 30_019],
    means: 'the network does not take pictures now, or the file is too big',
    fix: 'send text, or try later',
  },
  { codes: [30_022, 30_023, 30_027], means: 'an A2P rate or daily limit is reached', fix: 'try tomorrow' },
  {
    codes: [30_032, 30_033, 30_034, 30_035],
    means: 'our number or its campaign is not registered, or suspended',
    fix: 'tell the administrator',
  },
  {
    codes: [30_410],
    means: 'the provider timed out, and the message may have arrived or not',
    fix: 'ask, or send it again later',
  },
  { codes: [30_450], means: 'protection against traffic fraud holds it back', fix: 'wait half an hour' },
];

const BY_CODE = new Map(FAILURES.flatMap(({ codes, ...failure }) => codes.map((code) => [code, failure])));

/** Outside its 24-hour window WhatsApp accepts approved templates only. */
export const OUTSIDE_WINDOW = 63_016;

/** One sentence about a message that Twilio accepted and could not deliver. @param code null if Twilio sent none */
export function explainDeliveryFailure(code: number | null): string {
  if (code === null) return 'A message was not delivered. Twilio gave no code; try once more';
  const failure = BY_CODE.get(code);
  const known = failure && `${failure.means}. What to do: ${failure.fix}`;
  return `A message was not delivered (${code}): ${known ?? `see https://www.twilio.com/docs/api/errors/${code}`}`;
}

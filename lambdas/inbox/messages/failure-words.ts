import type { Delivery, FailureAction } from '../api';

interface FailureWords {
  readonly reason: string;
  readonly action: FailureAction;
}

const ADMINISTRATOR = 'Please tell your administrator.';

/** Twilio's codes (twilio.md#delivery-failures) in words for the worker. `{name}` is the customer's name. */
const WORDS: readonly (FailureWords & { readonly codes: readonly number[] })[] = [
  {
    codes: [63_016],
    reason: '{name} last wrote on WhatsApp more than 24 hours ago. Only a template can be sent now.',
    action: 'template',
  },
  { codes: [63_017, 63_018], reason: 'WhatsApp is busy. Wait some minutes.', action: 'retry-later' },
  {
    codes: [63_024, 63_032],
    reason: 'WhatsApp cannot deliver to {name}. Use SMS, or call.',
    action: 'other-channel',
  },
  { codes: [63_003], reason: '{name}’s number is not on WhatsApp.', action: 'check-number' },
  {
    codes: [63_014, 63_033],
    reason: '{name} blocks our messages on WhatsApp, or does not want such messages.',
    action: 'none',
  },
  {
    codes: [63_049],
    reason: 'WhatsApp did not deliver this to {name}. Wait until they write, or use another template.',
    action: 'template',
  },
  {
    codes: [63_051, 63_020, 63_036, 63_038],
    reason: `Our WhatsApp number cannot send now. ${ADMINISTRATOR}`,
    action: 'administrator',
  },
  {
    codes: [63_005, 63_013, 63_021],
    reason: 'WhatsApp rejected the text. Write it plainly, without line breaks or runs of spaces.',
    action: 'rephrase',
  },
  {
    codes: [63_019, 63_030, 63_034],
    reason: 'The file cannot be read, or it is too large.',
    action: 'rephrase',
  },
  {
    codes: [63_027, 63_028, 63_040, 63_041, 63_042],
    reason: `WhatsApp does not accept this template now. Choose another one. ${ADMINISTRATOR}`,
    action: 'template',
  },
  {
    codes: [21_610],
    reason: '{name} replied STOP. Only they can undo that, by texting START.',
    action: 'none',
  },
  { codes: [21_611, 30_001], reason: 'Too many messages wait on our number.', action: 'retry-later' },
  { codes: [21_612], reason: '{name}’s number cannot be reached from our number.', action: 'other-channel' },
  {
    codes: [21_614, 30_006],
    reason: '{name}’s number is a landline, or it takes no texts. Check the number, or call.',
    action: 'check-number',
  },
  { codes: [21_211, 30_005], reason: '{name}’s number is not in service. Check it.', action: 'check-number' },
  {
    codes: [21_408, 30_002],
    reason: `Texts to this country are switched off. ${ADMINISTRATOR}`,
    action: 'administrator',
  },
  { codes: [30_003], reason: '{name}’s phone is off, or has no signal.', action: 'retry-later' },
  { codes: [30_004], reason: '{name}’s number blocks texts from this number.', action: 'other-channel' },
  {
    codes: [30_007],
    reason: 'The network took the text for spam. Write it differently, without links.',
    action: 'rephrase',
  },
  { codes: [30_008], reason: 'The network gave no reason. Try once more.', action: 'retry' },
  {
    codes: [30_011, 30_017, 30_019],
    reason: 'The network did not take it. Try later, or send text only.',
    action: 'retry-later',
  },
  {
    codes: [30_022, 30_023, 30_027],
    reason: 'Our number reached its limit for today.',
    action: 'retry-later',
  },
  {
    codes: [30_032, 30_033, 30_034, 30_035],
    reason: `Our number is not registered for texts yet. ${ADMINISTRATOR}`,
    action: 'administrator',
  },
  {
    codes: [30_410],
    reason: 'The network did not answer in time. It may have arrived: ask before sending it again.',
    action: 'retry-later',
  },
  {
    codes: [30_450],
    reason: 'It is held back as possible fraud. Try again in half an hour.',
    action: 'retry-later',
  },
];

const BY_CODE = new Map(WORDS.flatMap(({ codes, ...words }) => codes.map((code) => [code, words] as const)));

/** A failed delivery in words. @param code Twilio's; null if it sent none */
export function failedDelivery(code: number | null, customerName: string): Delivery {
  const words = code === null ? undefined : BY_CODE.get(code);
  const { reason, action } = words ?? {
    reason: 'The network did not say why. Try once more.',
    action: 'retry',
  };
  return {
    state: 'failed',
    code,
    reason: `Not delivered. ${reason.replaceAll('{name}', () => customerName)}`,
    action,
  };
}

/** A delivery that is under way or done. */
export function delivery(state: Exclude<Delivery['state'], 'failed'>): Delivery {
  return { state, code: null, reason: null, action: 'none' };
}

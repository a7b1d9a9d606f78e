/**
 * At least as many digits as a phone number has, of any script. Between two of them are up to eight signs or spaces,
 * which may be encoded as in a URL.
 */
const PHONE_NUMBER = /[+＋]?\p{N}(?:(?:%[0-9A-Fa-f]{2}|[^\p{L}\p{N}]){0,8}\p{N}){6,}/gu;

/** A WhatsApp user id, which identifies a person as a number does (twilio.md#whatsapp-user-ids). */
const WHATSAPP_ID =
  /(?<![\p{L}\p{N}])(?<country>[A-Z]{2}\.(?:ENT\.)?)(?=[A-Za-z]*[0-9])[A-Za-z0-9]{2,126}(?<end>[A-Za-z0-9]{2})(?![A-Za-z0-9])/gu;

/**
 * Texts with many digits that are needed for debugging: SIDs, Airtable's record ids, request ids, digests, times, the
 * machine's own address, code locations. A record id with seven digits in a row is taken for a number; two of a hundred
 * thousand ids have as many.
 */
const KEPT = [
  '[A-Z]{2}[0-9a-f]{32}',
  '(?![a-z]{3}[A-Za-z0-9]*[0-9]{7})[a-z]{3}[A-Za-z0-9]{14}',
  '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  '(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})',
  '(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![-:/][0-9])',
  '(?<![0-9]:)[0-2][0-9]:[0-5][0-9]:[0-6][0-9](?:\\.[0-9]{1,9})?(?![-:/][0-9])',
  '127\\.0\\.0\\.1(?::[0-9]{1,5})?',
  '(?<=\\.[cm]?[jt]s:)[0-9]+:[0-9]+',
];
const IDS_AND_TIMES = new RegExp(`(?<![\\p{L}\\p{N}+])(${KEPT.join('|')})(?![\\p{L}\\p{N}])`, 'gu');

/** The text with every phone number and WhatsApp user id in it cut down to its last two characters. */
export function redactNumbers(text: string): string {
  return (
    text
      .replace(WHATSAPP_ID, '$<country>…$<end>')
      .split(IDS_AND_TIMES)
      // Every second piece is a match of the pattern.
      .map((piece, index) => (index % 2 === 1 ? piece : maskDigits(piece)))
      .join('')
  );
}

function maskDigits(text: string): string {
  return text.replace(PHONE_NUMBER, (number) => `…${lastDigits(number)}`);
}

function lastDigits(number: string): string {
  return [...number.matchAll(/\p{N}/gu)]
    .slice(-2)
    .map(([digit]) => digit)
    .join('');
}

/** Seven digits or more, however they are grouped; not the digits inside a SID or a record id. */
const PHONE_NUMBER = /(?<![A-Za-z0-9])\+?\d(?:[\s().-]{0,2}\d){6,}(?![A-Za-z0-9])/g;

/** The text with every phone number in it cut down to its last two digits. */
export function maskNumbers(text: string): string {
  return text.replace(PHONE_NUMBER, (number) => `…${number.slice(-2)}`);
}

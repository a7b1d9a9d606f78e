/** A digit's value: its distance from the zero of its own script's block. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Blocks of ten may follow each other without a gap, as in the mathematical digits.
  return String((code - zero) % 10);
}

/**
 * The text with full-width and other compatible characters in their plain form, and every script's digits as 0 to 9.
 */
export function foldDigits(text: string): string {
  return text.normalize('NFKC').replace(/(?![0-9])\p{Nd}/gu, digitValue);
}

/** Marks that phones and chat applications put around and inside a copied number, and those that decorate one. */
const INVISIBLE = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;

/** The text without invisible characters; white space stays. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** A text prepared for finding numbers: digits 0 to 9, no invisible characters. */
export function plainNumberText(text: string): string {
  return withoutInvisible(foldDigits(text));
}

/** The digits 0 to 9 of a plain text. */
export function digitsOf(plain: string): string {
  return plain.replace(/[^0-9]/g, '');
}

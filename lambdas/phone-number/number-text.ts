/** Zero to nine of every script, in order: how far a digit is from the zero of its own block. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Blocks of ten may follow each other without a gap, as those of the mathematical digits do.
  return String((code - zero) % 10);
}

/** The text with full-width and other compatible characters in their plain form, and every script's digits as 0 to 9. */
export function foldDigits(text: string): string {
  return text.normalize('NFKC').replace(/(?![0-9])\p{Nd}/gu, digitValue);
}

/** Marks that phones and chat applications put around and inside a copied number, and those that decorate one. */
const INVISIBLE = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;

/** The text without characters that cannot be seen; white space stays. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** A text as numbers are looked for in it: digits 0 to 9, nothing invisible. */
export function plainNumberText(text: string): string {
  return withoutInvisible(foldDigits(text));
}

/** The digits 0 to 9 of a plain text. */
export function digitsOf(plain: string): string {
  return plain.replace(/[^0-9]/g, '');
}

/** Marks that phones, word processors and keyboards use for the same sign. */
const APOSTROPHES =
  /[\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u2032\u2035`\u00b4\uff07\u2039\u203a]/g;
const QUOTATION_MARKS = /[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036\uff02]/g;
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;

/** Accents and vowel points: marks that many people omit when they type a name. */
const ACCENTS = /\p{Script=Inherited}|[\u0591-\u05c7]/gu;
const INVISIBLE = /\p{Cf}|[\ufe00-\ufe0f]/gu;

/** Letters with a stroke and ligatures, which Unicode does not decompose. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
  // The final sigma is the same letter, and a part of a name may end with it or not.
  ς: 'σ',
};
const WRITTEN_OUT = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * The form in which names are compared, sorted and searched. It ignores case, accents, kinds of apostrophes, quotation
 * marks and dashes, runs of white space and invisible characters: `O’Brien` and `o'brien`, `Müller` in either Unicode
 * form and `muller` are equal. A part of a name, folded, is a part of the folded name.
 */
export function foldName(text: string): string {
  return text
    .replace(APOSTROPHES, "'")
    .replace(QUOTATION_MARKS, '"')
    .normalize('NFKD')
    .replace(DASHES, '-')
    .replace(ACCENTS, '')
    .replace(INVISIBLE, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(WRITTEN_OUT, (letter) => LETTERS[letter] ?? letter)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

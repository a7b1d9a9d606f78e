/** Numbers with two written forms that reach the same phone. */
interface Renumbering {
  /** The form that is not the comparable one. */
  readonly other: RegExp;
  readonly comparable: string;
  /** The comparable form, and how Twilio may write the other one. */
  readonly current: RegExp;
  readonly alternative: string;
  /** Whether the other form can still be dialled. */
  readonly isDialled: boolean;
}

/**
 * Mexico: the 1 of mobile numbers was abolished on 3 August 2019, and so were the prefixes 01, 02, 044 and 045.
 * WhatsApp keeps the 1. Source: libphonenumber's metadata of that time (`nationalPrefixForParsing`
 * `0(?:[12]|4[45])|1`), and its migrator's recipes for 521.
 */
const MEXICO: Renumbering = {
  other: /^\+52(?:1|0(?:[12]|4[45]))(?<line>[2-9]\d{9})$/,
  comparable: '+52$<line>',
  current: /^\+52(?<line>[2-9]\d{9})$/,
  alternative: '+521$<line>',
  isDialled: true,
};

/**
 * Argentina: a mobile number has a 9 after the country code when it is called from abroad, and is written without it
 * at home. Area codes begin with 11, 2 or 3. Source: libphonenumber's metadata (`nationalPrefixTransformRule` `9$1`).
 */
const ARGENTINA: Renumbering = {
  other: /^\+54(?<line>(?:11|[23]\d)\d{8})$/,
  comparable: '+549$<line>',
  current: /^\+549(?<line>(?:11|[23]\d)\d{8})$/,
  alternative: '+54$<line>',
  isDialled: true,
};

/** Area codes of Brazil, from libphonenumber's metadata. */
const BRAZILIAN_AREA = '(?<area>[14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])';

/**
 * Brazil: mobile numbers got a ninth digit, 9, from 2012 to 2016; WhatsApp has many without it. Landlines begin with
 * 2 to 5 and have eight digits, so a mobile number whose other eight digits begin with 2 to 5 has no shorter form.
 * Source: libphonenumber's metadata and its migrator's recipes for 55; Anatel's resolution 553/2010.
 */
const BRAZIL: Renumbering = {
  other: new RegExp(`^\\+55${BRAZILIAN_AREA}(?<line>[6-9]\\d{7})$`),
  comparable: '+55$<area>9$<line>',
  current: new RegExp(`^\\+55${BRAZILIAN_AREA}9(?<line>[6-9]\\d{7})$`),
  alternative: '+55$<area>$<line>',
  isDialled: true,
};

/**
 * Benin: 01 before every number since 30 November 2024. Source: libphonenumber's metadata (fixed `012\d{7}`,
 * mobile `01(?:2[5-9]|[4-69]\d)\d{6}`).
 */
const BENIN = eightDigitsBefore('229', '01', '[24-69]\\d');

/**
 * Ivory Coast: the operator's two digits before every number since 31 January 2021. Sources: ARTCI's announcement
 * (mobile: Moov 01, MTN 05, Orange 07; fixed: Moov 21, MTN 25, Orange 27); libphonenumber's carriers of 225 for the
 * mobile prefixes of each operator, and its metadata before and after for the fixed ones. Prefixes that no longer had
 * an operator (60, 61, 69) have no new form.
 */
const IVORY_COAST: readonly Renumbering[] = [
  eightDigitsBefore('225', '01', '(?:0[1-3]|[45][0-3]|7[0-3])'),
  eightDigitsBefore('225', '05', '(?:0[4-6]|[4-9][4-6])'),
  eightDigitsBefore('225', '07', '(?:0[7-9]|[4578][7-9]|6[78]|9[78])'),
  eightDigitsBefore('225', '21', '2[0-3]8'),
  eightDigitsBefore('225', '25', '(?:2[0-3]|3[0-6])0'),
  eightDigitsBefore('225', '27', '(?:2(?:0[23]|1[2357]|2[245]|3[45]|4[3-5])|3(?:06|1[69]|[2-6]7))'),
];

const RENUMBERINGS: readonly Renumbering[] = [MEXICO, ARGENTINA, BRAZIL, BENIN, ...IVORY_COAST];

/** A country whose eight-digit numbers got two digits in front. */
function eightDigitsBefore(countryCode: string, added: string, beginning: string): Renumbering {
  const line = `(?<line>(?=\\d{8}$)${beginning}\\d+)$`;
  return {
    other: new RegExp(`^\\+${countryCode}${line}`),
    comparable: `+${countryCode}${added}$<line>`,
    current: new RegExp(`^\\+${countryCode}${added}${line}`),
    alternative: `+${countryCode}$<line>`,
    isDialled: false,
  };
}

/** The comparable form of a number with two forms; any other number unchanged. */
export function renumber(number: string): string {
  const rule = RENUMBERINGS.find(({ other }) => other.test(number));
  return rule === undefined ? number : number.replace(rule.other, rule.comparable);
}

/** The forms in which Twilio may write a number, the comparable one first. */
export function formsOf(comparable: string): string[] {
  const alternatives = RENUMBERINGS.filter(({ current }) => current.test(comparable)).map((rule) =>
    comparable.replace(rule.current, rule.alternative),
  );
  return [comparable, ...alternatives];
}

/** The number to dial for one of the forms: the form itself unless it is out of use. */
export function dialledForm(number: string): string {
  const rule = RENUMBERINGS.find(({ other }) => other.test(number));
  if (rule === undefined) return number;
  const comparable = number.replace(rule.other, rule.comparable);
  return rule.isDialled && formsOf(comparable).includes(number) ? number : comparable;
}

import { digitsOf, plainNumberText, readPossibleNumber } from './comparable-number';
import { type CountryCode, E164, type E164Number } from './twilio-address';

export interface NumbersInText {
  readonly numbers: readonly E164Number[];
  /** For runs of digits that are not a number: the last seven digits up to each place where one may end. */
  readonly tails: readonly string[];
}

/** The length of a subscriber's number. Shorter runs are an extension, a label or a part of a number. */
const MIN_NUMBER_DIGITS = 7;

/** Two numbers of fifteen digits. */
const MAX_DIGITS_OF_TWO = 30;

/** Limits the items of a cell with many numbers. */
const MAX_TAILS = 100;

/** Letters end a number. The long vowel mark of Japanese is typed as a hyphen. */
const WORDS = /(?:(?!ー)\p{L})+/u;

/** Reads the numbers in a text that a person typed. */
export function readNumbers(text: string, country: CountryCode): NumbersInText {
  const plain = plainNumberText(text).trim();
  // Twilio's own format is accepted, even if the metadata does not know the number.
  const exact = plain.replace(/^whatsapp:\s*/i, '');
  if (E164.test(exact)) return { numbers: [readPossibleNumber(exact, country) ?? exact], tails: [] };
  const stretches = plain.split(WORDS).filter((stretch) => digitsOf(stretch) !== '');
  const long = stretches.filter(isLong);
  const [first, ...others] = stretches;
  if (long.length > 0) return joined(long.map((stretch) => readStretch(stretch, country)));
  return first !== undefined && others.length === 0
    ? readStretch(first, country)
    : { numbers: [], tails: [] };
}

/** Separators between two numbers, the likeliest first. White space separates only where it must. */
const BREAKS: readonly Break[] = [
  { at: /(?=\+)|:/, separates: () => true, leavesExtension: false },
  { at: /[\n\r\u2028\u2029\v\f]+/, separates: areLinesOfNumbers, leavesExtension: false },
  { at: /[;,|&#؛،、]+/, separates: () => true, leavesExtension: true },
  { at: /[/\\]+/, separates: areNumbers, leavesExtension: false },
];

interface Break {
  readonly at: RegExp;
  /** Whether the parts with seven and more digits are separate numbers. */
  readonly separates: (parts: readonly string[], country: CountryCode) => boolean;
  /** Whether a short part after a number is its extension, rather than a part of it. */
  readonly leavesExtension: boolean;
}

/** Reads a part of the text without letters. */
function readStretch(stretch: string, country: CountryCode, level = 0): NumbersInText {
  const { [level]: way } = BREAKS;
  if (way === undefined) return readUnbroken(stretch, country);
  const parts = stretch.split(way.at).filter((part) => digitsOf(part) !== '');
  const long = parts.filter(isLong);
  const [only] = long;
  if (only === undefined || parts.length === 1) return readStretch(stretch, country, level + 1);
  if (long.length > 1) {
    if (way.separates(long, country))
      return joined(long.map((part) => readStretch(part, country, level + 1)));
    const whole = readStretch(stretch, country, level + 1);
    const apart = joined(long.map((part) => readStretch(part, country, level + 1)));
    return whole.numbers.length > 0 || apart.numbers.length === 0 ? whole : apart;
  }
  const alone = readStretch(only, country, level + 1);
  const isReadable = alone.numbers.length > 0 && alone.tails.length === 0;
  const isFirst = parts[0] === only;
  const isLabelled = level === 0 && !isFirst;
  if (isReadable && (isLabelled || (isFirst && way.leavesExtension))) return alone;
  const whole = readStretch(stretch, country, level + 1);
  return whole.numbers.length > 0 || !isReadable ? whole : alone;
}

function readUnbroken(stretch: string, country: CountryCode): NumbersInText {
  const number = readOne(stretch, country);
  if (number !== null) return { numbers: [number], tails: [] };
  const tails = tailsOf(stretch);
  const pair = readPair(stretch, country);
  // Reading it as two numbers is a guess, so other readings count too.
  return { numbers: pair ?? [], tails };
}

function readOne(stretch: string, country: CountryCode): E164Number | null {
  const digits = digitsOf(stretch);
  return readPossibleNumber(/^[^0-9]*\+/.test(stretch) ? `+${digits}` : digits, country);
}

/** Two adjacent numbers, split at the place that leaves two numbers; of several places, the one with equal lengths. */
function readPair(stretch: string, country: CountryCode): readonly E164Number[] | null {
  const sign = /^[^0-9]*\+/.test(stretch) ? '+' : '';
  const groups = stretch.match(/\d+/g) ?? [];
  if (digitsOf(stretch).length > MAX_DIGITS_OF_TWO) return null;
  const pairs = groups.slice(1).flatMap((_group, index) => {
    const [left, right] = [groups.slice(0, index + 1).join(''), groups.slice(index + 1).join('')];
    if (!isLong(left) || !isLong(right)) return [];
    const [one, other] = [readPossibleNumber(sign + left, country), readPossibleNumber(right, country)];
    return one === null || other === null
      ? []
      : [{ numbers: [one, other], isEven: left.length === right.length }];
  });
  return (pairs.find(({ isEven }) => isEven) ?? pairs[0])?.numbers ?? null;
}

/** The last seven digits before each place where a number may end. */
function tailsOf(stretch: string): string[] {
  let run = '';
  const tails: string[] = [];
  for (const group of stretch.match(/\d+/g) ?? []) {
    run = (run + group).slice(-Math.max(group.length, MIN_NUMBER_DIGITS));
    if (run.length >= MIN_NUMBER_DIGITS) tails.push(run.slice(-MIN_NUMBER_DIGITS));
  }
  return tails;
}

function areNumbers(parts: readonly string[], country: CountryCode): boolean {
  return parts.every((part) => readOne(part, country) !== null);
}

/** Tells separate numbers from one broken number: each line begins with + or 0, or all are equally long. */
function areLinesOfNumbers(parts: readonly string[]): boolean {
  const [first = '', ...others] = parts.map((part) => digitsOf(part));
  const begin = parts.slice(1).every((part) => /^[^0-9]*[+0]/.test(part));
  return begin || others.every((other) => other.length === first.length);
}

function isLong(text: string): boolean {
  return digitsOf(text).length >= MIN_NUMBER_DIGITS;
}

function joined(all: readonly NumbersInText[]): NumbersInText {
  const tails = [...new Set(all.flatMap((one) => one.tails))];
  return { numbers: all.flatMap(({ numbers }) => numbers), tails: tails.slice(0, MAX_TAILS) };
}

import { COUNTRIES, type Country } from './countries';
import { avatarOf, WORKERS } from './workers';

const [ANA, BASHIR, CHLOE, DMITRI, EFUA, FINN, GRETA] = WORKERS;

/** Ana's list spans several pages, Greta has left, and Finn is new. */
const OWNERS = [
  ANA,
  ANA,
  ANA,
  ANA,
  ANA,
  BASHIR,
  BASHIR,
  BASHIR,
  CHLOE,
  CHLOE,
  DMITRI,
  EFUA,
  EFUA,
  GRETA,
] as const;
const FINNS_CUSTOMERS = 3;

const NOTES = [
  'Prefers to be called after 4 pm.',
  'Met at the spring fair. Wants a quote for two sites.',
  'Pays on time. Asked twice about delivery on Saturdays.',
  'Gate code changes monthly, ask before driving out.',
  'Moved from the old system; address not yet checked.',
  'Renewal due in autumn.\nSpoke to the partner as well.\nBoth prefer WhatsApp.',
] as const;

/** Customers without edge cases, except that numbers are written in varied formats. No two share a number. */
export function typicalCustomers(count: number, random: Random): CustomerRow[] {
  const lines = unusedLines(random);
  return Array.from({ length: count }, (_, index) => {
    const country = random.pick(COUNTRIES);
    const given = random.pick(country.given);
    const name = `${given} ${random.pick(country.family)}`;
    const number = lines(country);
    const spelled = number(random.pick(country.spellings));
    const owner = (index < FINNS_CUSTOMERS ? FINN : random.pick(OWNERS)).identity;
    return {
      name,
      ...(random.percent(92) && { sms: spelled }),
      ...(random.percent(45) && {
        whatsapp: random.percent(30) ? `whatsapp:${number(country.spellings[0])}` : spelled,
      }),
      ...(random.percent(80) && { email: `${plain(name)}${index}@example.net` }),
      ...(random.percent(40) && { linkedin: linkedInOf(`${plain(name)}-${index}`, random) }),
      ...(random.percent(35) && { notes: random.pick(NOTES) }),
      owner,
      ...(random.percent(60) && { avatar: avatarOf(`${plain(name)}-${index}`) }),
      ...(random.percent(50) && { opt_out: random.percent(8) ? 'true' : 'false' }),
      ...(random.percent(70) && { company: random.pick(country.companies) }),
      ...(random.percent(85) && { city: random.pick(country.cities) }),
    };
  });
}

/** Uses each line of a country once, so that only edge cases repeat a number. */
function unusedLines(random: Random) {
  const dealt = new Set<string>();
  return (country: Country) => {
    for (;;) {
      const prefix = random.pick(country.prefixes);
      const line = random.below(country.lines);
      if (dealt.has(`${prefix}${line}`)) continue;
      dealt.add(`${prefix}${line}`);
      return (spelling: Country['spellings'][0]) => spelling(prefix, line);
    }
  };
}

function linkedInOf(handle: string, random: Random): string {
  return `${random.pick(['https://www.', 'https://', 'www.', ''])}linkedin.com/in/${handle}`;
}

/** A name as used in an e-mail address: Latin letters only. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}

/** A source of numbers that are the same on every run, because the demo team must not change between runs. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True with this probability, in percent. */
  percent(chance: number): boolean;
}

/** Mulberry32: small, fast, and random enough for names. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    percent: (chance) => next() * 100 < chance,
  };
}

/** A row of the Customers table as typed by hand; an omitted column is a blank cell. */
export type CustomerRow = {
  readonly id?: number;
  readonly name?: string;
  readonly sms?: string;
  readonly whatsapp?: string;
  readonly email?: string;
  readonly linkedin?: string;
  readonly notes?: string;
  readonly owner?: string;
  readonly avatar?: string;
  readonly opt_out?: string;
  readonly company?: string;
  readonly city?: string;
};

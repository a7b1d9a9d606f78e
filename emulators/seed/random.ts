/** A source of numbers that are the same on every run: the made-up team must not change under its users. */
export interface Random {
  /** A number from 0 up to 1, and never 1. */
  next(): number;
  /** A whole number from 0 up to the limit, and never the limit. */
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True so many times in a hundred. */
  percent(chance: number): boolean;
}

/** Mulberry32: small, fast, and more than random enough for names. */
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

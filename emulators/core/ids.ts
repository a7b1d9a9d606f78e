import { createHash } from 'node:crypto';

/** A prefix and hexadecimal digits, up to 32: the same for the same name on every run. */
export function hexId(prefix: string, name: string, digits: number): string {
  return prefix + createHash('md5').update(`${prefix} ${name}`).digest('hex').slice(0, digits);
}

/** Generates new ids in the same order on every run, so that a failing test can be read. */
export class IdSource<Prefix extends string> {
  readonly #counts = new Map<Prefix, number>();

  /** @param digits the number of hexadecimal digits after the prefix */
  constructor(readonly digits: number) {}

  next(prefix: Prefix): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return hexId(prefix, `number ${count}`, this.digits);
  }
}

import { createHash } from 'node:crypto';

/** 0oa application, 00u person, 00g group, exk an application's external key, oae an error. */
export type IdPrefix = '0oa' | '00u' | '00g' | 'exk' | 'oae';

/** Generates ids of twenty characters, like Okta's, in the same order on every run. */
export class IdSource {
  readonly #counts = new Map<IdPrefix, number>();

  next(prefix: IdPrefix): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return prefix + createHash('md5').update(`${prefix} ${count}`).digest('hex').slice(0, 17);
  }
}

import { createHash } from 'node:crypto';

/** AC account, IS conversation service, CH conversation, MB participant, IG address configuration, PN number, … */
export type SidPrefix = 'CH' | 'IG' | 'IM' | 'IS' | 'MB' | 'MG' | 'PN' | 'RL' | 'RQ' | 'US';

/** The SID that always belongs to this name: two letters and 32 lower-case hexadecimal digits, as Twilio's. */
export function sidFor(prefix: SidPrefix, name: string): string {
  return prefix + createHash('md5').update(`${prefix} ${name}`).digest('hex');
}

/** The account's one messaging service. */
export const MESSAGING_SERVICE = sidFor('MG', 'default');

/** The role of a participant who is given none. */
export const PARTICIPANT_ROLE = sidFor('RL', 'participant');

/** Hands out new SIDs; the same ones in the same order in every run, so that a failing test can be read. */
export class SidSource {
  readonly #counts = new Map<SidPrefix, number>();

  next(prefix: SidPrefix): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return sidFor(prefix, `number ${count}`);
  }
}

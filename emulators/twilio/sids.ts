import { createHash } from 'node:crypto';

/** AC account, IS conversation service, CH conversation, MB participant, IG address configuration, PN number, … */
export type SidPrefix = 'CH' | 'IG' | 'IM' | 'IS' | 'MB' | 'MG' | 'PN' | 'RL' | 'RQ' | 'US';

/** A stable SID for this name: two letters and 32 lower-case hexadecimal digits, like Twilio's. */
export function sidFor(prefix: SidPrefix, name: string): string {
  return prefix + createHash('md5').update(`${prefix} ${name}`).digest('hex');
}

/** The account's only messaging service. */
export const MESSAGING_SERVICE = sidFor('MG', 'default');

/** The default role of a participant. */
export const PARTICIPANT_ROLE = sidFor('RL', 'participant');

/** Generates new SIDs, in the same order on every run, so that a failing test can be read. */
export class SidSource {
  readonly #counts = new Map<SidPrefix, number>();

  next(prefix: SidPrefix): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return sidFor(prefix, `number ${count}`);
  }
}

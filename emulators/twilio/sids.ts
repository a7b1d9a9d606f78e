import { hexId, IdSource } from '../core/ids';

/**
 * CH conversation, DY receipt, IG address configuration, IM message, IS conversation service, MB participant, ME media,
 * MG messaging service, PN number, RL role, RQ request, US user, XE WhatsApp sender; MM, SM and WA message of a channel.
 */
export type SidPrefix =
  | 'CH'
  | 'DY'
  | 'HX'
  | 'IG'
  | 'IM'
  | 'IS'
  | 'MB'
  | 'ME'
  | 'MG'
  | 'MM'
  | 'PN'
  | 'RL'
  | 'RQ'
  | 'SM'
  | 'US'
  | 'WA'
  | 'XE';

const DIGITS = 32;

/** A stable SID for this name: two letters and 32 lower-case hexadecimal digits, like Twilio's. */
export function sidFor(prefix: SidPrefix, name: string): string {
  return hexId(prefix, name, DIGITS);
}

/** The messaging service that an account has from the start. */
export const MESSAGING_SERVICE = sidFor('MG', 'default');

/** The default role of a participant, and of a user. */
export const PARTICIPANT_ROLE = sidFor('RL', 'participant');
export const USER_ROLE = sidFor('RL', 'user');

/** Generates new SIDs, in the same order on every run. */
export class SidSource extends IdSource<SidPrefix> {
  constructor() {
    super(DIGITS);
  }
}

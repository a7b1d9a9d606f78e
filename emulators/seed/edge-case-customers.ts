import type { CustomerRow } from './typical-customers';
import { avatarOf, WORKERS } from './workers';

const [ANA, BASHIR, CHLOE, , , , GRETA] = WORKERS;
const ana = ANA.identity;
const bashir = BASHIR.identity;
const greta = GRETA.identity;

const LONG_NAME = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff '.repeat(6);
const LONG_NOTES = Array.from(
  { length: 60 },
  (_, day) => `Day ${day + 1}: called, left a message; “will think it over” — try again\tnext week.`,
).join('\n');

/**
 * Unexpected values that real tables hold, one per row. No typical customer shares their numbers. The lists of the active
 * workers begin with typical customers: rows that sort first, such as those without a name, are Greta's, who has left.
 */
export const EDGE_CASE_CUSTOMERS: readonly CustomerRow[] = [
  // Names
  { name: "Miles O'Brien", sms: '+16285550101', owner: ana, company: "O'Brien's Plumbing", opt_out: 'false' },
  { name: 'Roy "The Rock" Jones', sms: '+16285550102', owner: ana },
  { name: 'Tobias Back\\slash \\', sms: '+16285550103', owner: ana },
  { name: "Robert'); DROP TABLE Customers;--", sms: '+16285550104', owner: ana },
  { name: 'x", ""="', sms: '+16285550105', owner: bashir },
  {
    name: '{name} & {{Name}} $& $1',
    sms: '+16285550106',
    owner: ana,
    notes: 'A name that looks like a formula.',
  },
  { name: '🌻 Sunny Flowers 👩🏽‍🌾', sms: '+16285550107', whatsapp: '+16285550107', owner: ana },
  { name: 'عبد الرحمن الحداد', sms: '+16285550108', whatsapp: 'whatsapp:+16285550108', owner: bashir },
  { name: 'יעל כהן', sms: '+16285550109', owner: CHLOE.identity },
  { name: '山田 太郎', sms: '+16285550110', owner: ana },
  { name: LONG_NAME.slice(0, 300), sms: '+16285550111', owner: ana },
  { name: '  Spaces   All Over  ', sms: '+16285550112', owner: ana },
  { name: 'Two\nLines', sms: '+16285550113', owner: ana },
  { name: '   ', sms: '+16285550114', owner: greta, notes: 'A name of nothing but spaces.' },
  { sms: '+16285550115', owner: greta, notes: 'No name yet: wrote to us on a Sunday.' },
  { name: 'Zoe\u0308 Mu\u0308ller', sms: '+16285550116', owner: ana, notes: 'Decomposed umlauts.' },
  { name: 'Zoë Müller', sms: '+16285550117', owner: bashir, notes: 'The same name, composed.' },
  { name: 'undefined', sms: '+16285550118', owner: ana },

  // Numbers
  { name: 'Ida Quist', sms: '\u202a+1 628 555 0120\u202c', owner: ana, notes: 'Copied out of a chat.' },
  { name: 'Norbert Wood', sms: '+1\u00a0628\u00a0555\u00a00121', owner: ana },
  { name: 'Rosa Blanc', sms: '(628) 555-0122 ext. 14', owner: ana },
  { name: 'Samir Haddad', sms: '628.555.0123 x7', owner: bashir },
  { name: 'Wanda Lewis', sms: 'whatsapp:+16285550124', owner: ana, notes: 'The prefix in the sms column.' },
  { name: 'Wim de Vries', whatsapp: 'WhatsApp: +1 (628) 555-0125', owner: ana },
  { name: 'Nigel Webb', sms: '020 7946 0999', owner: ana, notes: 'A London number without a country code.' },
  { name: 'Paula Marsh', sms: '00 44 161 496 0998', owner: CHLOE.identity },
  { name: 'Quick Cabs', sms: '24587', owner: ana },
  { name: 'Nora Little', sms: '555-01', owner: ana },
  { name: 'Oscar Long', sms: '+1 628 555 0126 0126 0126 0126', owner: ana },
  { name: 'Yvonne Page', sms: 'ask Ben', whatsapp: 'same', owner: ana },
  { name: 'Theo and Tina Park', sms: '+16285550127 / +16285550128', owner: ana },
  { name: 'Maude Dash', sms: '-', whatsapp: 'n/a', owner: ana },
  { name: 'Lena Blank', sms: ' ', whatsapp: '', owner: ana },
  { name: 'Sunrise Taxi', sms: '1-628-555-CALL', owner: bashir },
  // The same number, on two rows of one worker, of two workers, and written differently
  { name: 'Pat Household', sms: '+16285550130', owner: ana },
  { name: 'Kim Household', sms: '(628) 555-0130', owner: ana },
  { name: 'Selma Ortiz', sms: '+16285550131', owner: bashir },
  { name: 'Selma Ortiz', sms: '628-555-0131', owner: greta, notes: 'Old row, not deleted.' },
  { name: 'Uma Split', sms: '+16285550132', owner: ana },
  { name: 'Uma Split', whatsapp: '+16285550132', owner: CHLOE.identity },

  // Owners
  { name: 'Annie Warbucks', sms: '+16285550140', notes: 'No owner yet.' },
  { name: 'Stan Rayner', sms: '+16285550141', owner: ` ${ana} ` },
  { name: 'Lou Shaw', sms: '+16285550142', owner: ana.toUpperCase() },
  { name: 'Otto Unger', sms: '+16285550143', owner: 'unknown@example.com' },
  { name: 'Nina Byrne', sms: '+16285550144', owner: ANA.friendlyName },
  { name: 'Tove Owens', sms: '+16285550145', owner: `${ana}, ${bashir}` },

  // E-mails, links, pictures
  { name: 'Mona Mailer', email: 'bad.mail@', sms: '+16285550150', owner: ana },
  { name: 'Simon Spacey', email: 'spaced mail@example.net', owner: ana },
  { name: 'Nadia Mann', email: 'Named Mail <named@example.net>', owner: ana },
  { name: 'Toni Mailes', email: 'one@example.net; two@example.net', owner: ana },
  { name: 'Milo Mata', email: 'mailto:mail@example.net', owner: bashir },
  { name: 'Pia Link', linkedin: 'http://linkedin.com/in/plain-link', sms: '+16285550151', owner: ana },
  { name: 'Hanne Olsen', linkedin: '@handle-only', sms: '+16285550152', owner: ana },
  { name: 'Scott Link', linkedin: "javascript:alert('hello')", sms: '+16285550153', owner: ana },
  {
    name: 'Sven Link',
    linkedin: ' https://www.linkedin.com/in/spaced link ',
    sms: '+16285550154',
    owner: ana,
  },
  { name: 'Petra Broek', avatar: 'avatars/broken.png', sms: '+16285550155', owner: ana },
  { name: 'Malik Dates', avatar: 'data:image/png;base64,iVBORw0KGgo=', sms: '+16285550156', owner: ana },
  {
    name: 'Polly Pike',
    avatar: avatarOf('plain').replace('https:', 'http:'),
    sms: '+16285550157',
    owner: ana,
  },

  // Notes and opt-outs
  { name: 'Nell Nove', notes: LONG_NOTES, sms: '+16285550160', owner: ana },
  { name: 'Ollie Out', opt_out: 'true', sms: '+16285550161', whatsapp: '+16285550161', owner: ana },
  { name: 'Orla Loud', opt_out: 'TRUE', sms: '+16285550162', owner: ana },
  { name: 'Olaf Slopes', opt_out: ' True ', sms: '+16285550163', owner: bashir },
  { name: 'Olga Inness', opt_out: 'FALSE', sms: '+16285550164', owner: ana },
  { name: 'Percy Hapsburg', opt_out: 'maybe', sms: '+16285550165', owner: ana },

  // Rows that were added and never filled in
  {},
  {},
  { owner: greta },
  { city: 'Lagos' },
];

import type { CustomerRow } from './customer-row';
import { avatarOf, WORKERS } from './workers';

const [ANA, BASHIR, CHLOE, , , , GRETA] = WORKERS;
const ana = ANA.identity;
const bashir = BASHIR.identity;

const LONG_NAME = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff '.repeat(6);
const LONG_NOTES = Array.from(
  { length: 60 },
  (_, day) => `Day ${day + 1}: called, left a message; “will think it over” — try again\tnext week.`,
).join('\n');

/** Unexpected values that real tables hold, one per row. No typical customer shares their numbers. */
export const EDGE_CASE_CUSTOMERS: readonly CustomerRow[] = [
  // Names
  { name: "Miles O'Brien", sms: '+16285550101', owner: ana, company: "O'Brien's Plumbing", opt_out: 'false' },
  { name: 'Dwayne "The Rock" Jones', sms: '+16285550102', owner: ana },
  { name: 'Back\\slash Ltd \\', sms: '+16285550103', owner: ana },
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
  { name: '   ', sms: '+16285550114', owner: ana, notes: 'A name of nothing but spaces.' },
  { sms: '+16285550115', owner: ana, notes: 'No name yet: wrote to us on a Sunday.' },
  { name: 'Zoe\u0308 Mu\u0308ller', sms: '+16285550116', owner: ana, notes: 'Decomposed umlauts.' },
  { name: 'Zoë Müller', sms: '+16285550117', owner: bashir, notes: 'The same name, composed.' },
  { name: 'undefined', sms: '+16285550118', owner: ana },

  // Numbers
  { name: 'Ida Invisible', sms: '\u202a+1 628 555 0120\u202c', owner: ana, notes: 'Copied out of a chat.' },
  { name: 'Norbert No-Break', sms: '+1\u00a0628\u00a0555\u00a00121', owner: ana },
  { name: 'Exa Extension', sms: '(628) 555-0122 ext. 14', owner: ana },
  { name: 'Exy Extension', sms: '628.555.0123 x7', owner: bashir },
  { name: 'Wanda Prefix', sms: 'whatsapp:+16285550124', owner: ana, notes: 'The prefix in the sms column.' },
  { name: 'Wim Prefix', whatsapp: 'WhatsApp: +1 (628) 555-0125', owner: ana },
  { name: 'Trunk Zero', sms: '020 7946 0999', owner: ana, notes: 'A London number without a country code.' },
  { name: 'Paula Plus', sms: '00 44 161 496 0998', owner: CHLOE.identity },
  { name: 'Short Code', sms: '24587', owner: ana },
  { name: 'Too Short', sms: '555-01', owner: ana },
  { name: 'Too Long', sms: '+1 628 555 0126 0126 0126 0126', owner: ana },
  { name: 'Words Only', sms: 'ask Ben', whatsapp: 'same', owner: ana },
  { name: 'Two Numbers', sms: '+16285550127 / +16285550128', owner: ana },
  { name: 'Dashes', sms: '-', whatsapp: 'n/a', owner: ana },
  { name: 'Blank Channels', sms: ' ', whatsapp: '', owner: ana },
  { name: 'Letters', sms: '1-628-555-CALL', owner: bashir },
  // The same number, on two rows of one worker, of two workers, and written differently
  { name: 'Pat Household', sms: '+16285550130', owner: ana },
  { name: 'Kim Household', sms: '(628) 555-0130', owner: ana },
  { name: 'Moved To Bashir', sms: '+16285550131', owner: bashir },
  { name: 'Moved From Greta', sms: '628-555-0131', owner: GRETA.identity, notes: 'Old row, not deleted.' },
  { name: 'Splits Channels', sms: '+16285550132', owner: ana },
  { name: 'Splits Channels', whatsapp: '+16285550132', owner: CHLOE.identity },

  // Owners
  { name: 'Orphan Annie', sms: '+16285550140', notes: 'Nobody’s customer yet.' },
  { name: 'Stray Spaces', sms: '+16285550141', owner: ` ${ana} ` },
  { name: 'Shouted Owner', sms: '+16285550142', owner: ana.toUpperCase() },
  { name: 'Owner Unknown', sms: '+16285550143', owner: 'nobody@example.com' },
  { name: 'Owner By Name', sms: '+16285550144', owner: ANA.friendlyName },
  { name: 'Two Owners', sms: '+16285550145', owner: `${ana}, ${bashir}` },

  // E-mails, links, pictures
  { name: 'Bad Mail', email: 'bad.mail@', sms: '+16285550150', owner: ana },
  { name: 'Spaced Mail', email: 'spaced mail@example.net', owner: ana },
  { name: 'Named Mail', email: 'Named Mail <named@example.net>', owner: ana },
  { name: 'Two Mails', email: 'one@example.net; two@example.net', owner: ana },
  { name: 'Mailto Mail', email: 'mailto:mail@example.net', owner: bashir },
  { name: 'Plain Link', linkedin: 'http://linkedin.com/in/plain-link', sms: '+16285550151', owner: ana },
  { name: 'Handle Only', linkedin: '@handle-only', sms: '+16285550152', owner: ana },
  { name: 'Script Link', linkedin: "javascript:alert('hello')", sms: '+16285550153', owner: ana },
  {
    name: 'Spaced Link',
    linkedin: ' https://www.linkedin.com/in/spaced link ',
    sms: '+16285550154',
    owner: ana,
  },
  { name: 'Broken Picture', avatar: 'avatars/broken.png', sms: '+16285550155', owner: ana },
  { name: 'Data Picture', avatar: 'data:image/png;base64,iVBORw0KGgo=', sms: '+16285550156', owner: ana },
  {
    name: 'Plain Picture',
    avatar: avatarOf('plain').replace('https:', 'http:'),
    sms: '+16285550157',
    owner: ana,
  },

  // Notes and opt-outs
  { name: 'Novel Notes', notes: LONG_NOTES, sms: '+16285550160', owner: ana },
  { name: 'Opted Out', opt_out: 'true', sms: '+16285550161', whatsapp: '+16285550161', owner: ana },
  { name: 'Opted Out Loudly', opt_out: 'TRUE', sms: '+16285550162', owner: ana },
  { name: 'Opted Out Sloppily', opt_out: ' True ', sms: '+16285550163', owner: bashir },
  { name: 'Opted In', opt_out: 'FALSE', sms: '+16285550164', owner: ana },
  { name: 'Perhaps', opt_out: 'maybe', sms: '+16285550165', owner: ana },

  // Rows that were added and never filled in
  {},
  {},
  { owner: ana },
  { city: 'Lagos' },
];

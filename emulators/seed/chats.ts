import { addressOn, type Channel, toE164 } from '../../lambdas/phone-number/address';
import type { TwilioEmulator } from '../twilio/twilio-emulator';
import { customerRows } from './base';
import { gardenPicture } from './garden-picture';
import { WORKERS } from './workers';

interface SeedOptions {
  readonly smsNumber: string;
  /** With `whatsapp:`; null where the team has none. */
  readonly whatsappNumber: string | null;
  readonly accountSid: string;
  readonly authToken: string;
  readonly now: Date;
}

/** Who wrote, how many minutes after the line before, and what; `picture` stands for a picture. */
type Line = readonly ['customer' | 'worker', number, string];

interface Dialogue {
  /** How long ago the last line was written, in minutes. */
  readonly ago: number;
  readonly channel: Channel;
  readonly lines: readonly Line[];
  /** How many of the last lines the worker has not read. */
  readonly unread: number;
}

const PICTURE = 'picture';
const HOUR = 60;
const DAY = 24 * HOUR;

/** What the demo team's customers and workers have written to each other, the latest first. */
const DIALOGUES: readonly Dialogue[] = [
  {
    ...{ ago: 4, channel: 'sms', unread: 2 },
    lines: [
      ['worker', 0, 'Good morning! Your visit is booked for Thursday at 9:30.'],
      ['customer', 25, 'Great, thank you 😊'],
      ['customer', 3 * HOUR, PICTURE],
      ['customer', 1, 'This is the gate. How to get here: https://example.com/map?q=gate'],
      ['worker', 12, 'Thank you, that helps a lot. The technician calls ten minutes before he arrives.'],
      ['customer', 2 * HOUR, 'One more thing: can he come at 10 instead?'],
      ['customer', 1, 'If it is too late to change it, 9:30 is fine too.'],
    ],
  },
  {
    ...{ ago: 37, channel: 'whatsapp', unread: 1 },
    lines: [
      ['customer', 0, 'Hi, do you have the price list for next year?'],
      ['worker', 6, 'Not yet. It comes out on Monday, and I will send it to you first.'],
      ['customer', 40, 'Perfect. Is delivery on Saturdays still free?'],
    ],
  },
  {
    ...{ ago: 95, channel: 'sms', unread: 0 },
    lines: [
      ['customer', 0, 'The order arrived, but one box is damaged.'],
      ['worker', 9, 'I am sorry! We send a new one today. Please keep the damaged one for the driver.'],
      ['customer', 4, 'Will do. That was quick.'],
      ['worker', 2, 'Always happy to help.'],
    ],
  },
  {
    ...{ ago: 23 * HOUR + 20, channel: 'whatsapp', unread: 0 },
    lines: [
      ['customer', 0, 'Could you call me tomorrow about the contract?'],
      ['worker', 15, 'Of course. Is 11 a good time?'],
      ['customer', 3, 'Yes, 11 is fine.'],
    ],
  },
  {
    ...{ ago: 26 * HOUR, channel: 'sms', unread: 0 },
    lines: [
      ['worker', 0, 'A friendly reminder: the invoice of October is still open.'],
      ['customer', 5 * HOUR, 'Sorry, I forgot. Paid just now.'],
      ['worker', 30, 'Thank you!'],
    ],
  },
  {
    ...{ ago: 2 * DAY + 90, channel: 'whatsapp', unread: 0 },
    lines: [
      ['customer', 0, 'Are you open on public holidays?'],
      ['worker', 22, 'No, but you reach our emergency line at any time.'],
    ],
  },
  {
    ...{ ago: 4 * DAY, channel: 'sms', unread: 0 },
    lines: [
      ['customer', 0, 'When does the new collection come?'],
      ['worker', 50, 'In the first week of December. I keep a catalogue for you.'],
      ['customer', 8, '👍'],
    ],
  },
  {
    ...{ ago: 9 * DAY, channel: 'sms', unread: 0 },
    lines: [
      ['customer', 0, 'Hello, who is in charge of our account now?'],
      ['worker', 12, 'That is me. How can I help?'],
      ['customer', 2, 'Just wanted to know. Thanks!'],
    ],
  },
];

/** The workers who have chats, the first with the most. */
const [ANA, BASHIR, CHLOE] = WORKERS;
const TEAM = [
  { worker: ANA, dialogues: DIALOGUES },
  { worker: BASHIR, dialogues: DIALOGUES.slice(2, 7) },
  { worker: CHLOE, dialogues: DIALOGUES.slice(4, 6) },
];

/** Fills the Twilio emulator with the demo team's chats: with history, unread messages and a picture. */
export async function seedChats(twilio: TwilioEmulator, options: SeedOptions): Promise<void> {
  const inChats = new Set(
    twilio
      .conversations()
      .flatMap(({ sid }) =>
        twilio.participants(sid).map(({ messagingBinding }) => messagingBinding?.address),
      ),
  );
  for (const { worker, dialogues } of TEAM) {
    const customers = customersOf(worker.identity).filter(({ sms }) => sms === null || !inChats.has(sms));
    for (const dialogue of dialogues) {
      const proxyAddress = dialogue.channel === 'sms' ? options.smsNumber : options.whatsappNumber;
      const at = customers.findIndex((customer) => customer[dialogue.channel] !== null);
      const [customer] = at === -1 ? [] : customers.splice(at, 1);
      const address = customer?.[dialogue.channel] ?? null;
      if (proxyAddress !== null && address !== null) {
        await seedChat(twilio, options, { ...dialogue, identity: worker.identity, address, proxyAddress });
      }
    }
  }
}

async function seedChat(
  twilio: TwilioEmulator,
  { accountSid, authToken, now }: SeedOptions,
  chat: Dialogue & { readonly identity: string; readonly address: string; readonly proxyAddress: string },
): Promise<void> {
  const { address, proxyAddress, identity, lines, unread } = chat;
  let minutes = chat.ago + lines.reduce((sum, [, after]) => sum + after, 0);
  const at = (ago: number) => new Date(now.getTime() - ago * 60_000);
  const { sid } = twilio.createConversation({
    dateCreated: at(minutes),
    participants: [{ address, proxyAddress }, { identity }],
  });
  let lastRead = 0;
  for (const [place, [author, after, text]] of lines.entries()) {
    minutes -= after;
    const { index } = twilio.createMessage(sid, {
      author: author === 'customer' ? address : identity,
      body: text === PICTURE ? '' : text,
      media: text === PICTURE ? [twilio.addMedia({ ...gardenPicture(), author: address })] : [],
      dateCreated: at(minutes),
    });
    if (place < lines.length - unread) lastRead = index;
  }
  const horizon = `${twilio.url}/v1/Users/${encodeURIComponent(identity)}/Conversations/${sid}`;
  await fetch(horizon, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    body: new URLSearchParams({ LastReadMessageIndex: String(lastRead) }),
  });
}

/** A worker's customers with a readable number, their addresses as Twilio writes them. */
function customersOf(identity: string) {
  return customerRows()
    .filter(
      ({ owner, opt_out, company }) => owner === identity && opt_out !== 'true' && company !== undefined,
    )
    .map(({ sms, whatsapp }) => ({
      sms: addressIn('sms', sms),
      whatsapp: addressIn('whatsapp', whatsapp?.replace(/^whatsapp:/iu, '')),
    }));
}

function addressIn(channel: Channel, cell: string | undefined): string | null {
  const number = cell === undefined ? null : toE164(cell, 'US');
  return number === null ? null : addressOn(channel, number).text;
}

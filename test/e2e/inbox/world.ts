import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startDemo } from '../../../cli/start/demo';
import { FunctionLog } from '../../../cli/start/function-log';
import { localSubject } from '../../../cli/start/inbox/sign-in';
import { Closables } from '../../../cli/start/start-context';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { gardenPicture } from '../../../emulators/seed/garden-picture';
import type { Message, MessagingBinding } from '../../../emulators/twilio/conversation';
import type { NewMedia } from '../../../emulators/twilio/media-store';
import type { TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import type { Report } from '../report';
import { same } from './expect';
import { type Screen, WorkerPage } from './worker-page';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** More than one page of a conversation. */
const LONG = 300;

interface Opening {
  readonly worker: string;
  readonly screen?: Screen;
  readonly at?: string;
}

/** A chat that the tests find again. */
interface KnownChat {
  readonly sid: string;
  readonly name: string;
  readonly address: string;
}

/** The demo, running in this process, with a browser that looks at it. */
export class InboxWorld {
  readonly smsNumber = DEMO_CREDENTIALS.smsNumber;
  readonly picture: NewMedia = gardenPicture();

  private constructor(
    readonly report: Report,
    readonly browser: Browser,
    readonly twilio: TwilioEmulator,
    readonly baseUrl: string,
    /** The address of the live socket. */
    readonly liveUrl: string,
    /** A chat of Ana's with more messages than a page. */
    readonly longChat: KnownChat,
    /** A WhatsApp chat of Ana's whose 24 hours end within the hour. */
    readonly closingSoon: KnownChat,
    /** A WhatsApp chat of Ana's whose 24 hours are over. */
    readonly windowOver: KnownChat,
    private readonly setActive: (identity: string, name: string, isActive: boolean) => Promise<void>,
    /** Cuts every live connection. */
    readonly dropSockets: () => void,
    readonly close: () => Promise<void>,
  ) {}

  static async start(report: Report, browser: Browser): Promise<InboxWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'frontline-inbox-'));
    const running = new Closables();
    const log = running.add(new FunctionLog('json'));
    const demo = await startDemo({ port: 0, environment: {}, directory, log, running }, { reset: true });
    const { twilio, url } = demo;
    const ana = 'ana@example.com';
    const now = Date.now();
    const longChat = chat(twilio, 'Rosa Jackson', '+12125550191', ana);
    for (let at = 0; at < LONG; at += 1) {
      twilio.createMessage(longChat.sid, {
        author: at % 3 === 0 ? ana : longChat.address,
        body: `Line ${at} of a long story`,
        dateCreated: new Date(now - 30 * 24 * HOUR - (LONG - at) * 7 * MINUTE),
      });
    }
    const closingSoon = chat(twilio, 'Hector Smith', 'whatsapp:+16175550175', ana);
    write(twilio, closingSoon, new Date(now - 23 * HOUR - 20 * MINUTE));
    const windowOver = chat(twilio, 'Ben Patel', 'whatsapp:+12065550126', ana);
    write(twilio, windowOver, new Date(now - 3 * 24 * HOUR));
    const dropSockets = () => demo.inbox?.live.dropConnections();
    const setActive = async (identity: string, name: string, isActive: boolean) => {
      const subject = localSubject(identity);
      const worker = { subject, identity, name, isActive, isAvailable: true };
      await demo.inbox?.saveWorkers(demo.urls.dynamoDb, [worker]);
    };
    const close = async () => {
      await running.close();
      await rm(directory, { recursive: true });
    };
    const chats = [longChat, closingSoon, windowOver] as const;
    const liveUrl = demo.inbox?.live.liveUrl ?? '';
    return new InboxWorld(report, browser, twilio, url, liveUrl, ...chats, setActive, dropSockets, close);
  }

  open(opening: Opening): Promise<WorkerPage> {
    return WorkerPage.open(this.browser, this.baseUrl, opening);
  }

  /** Closes a page; it must have had no errors. */
  async done(page: WorkerPage): Promise<void> {
    await this.report.check('the pages had no errors and broke no rule of the content security policy', () =>
      same('problems', page.problems, []),
    );
    await page.close();
  }

  /** Does something while a worker is out of the team. */
  async without(identity: string, name: string, run: () => Promise<void>): Promise<void> {
    await this.setActive(identity, name, false);
    try {
      await run();
    } finally {
      await this.setActive(identity, name, true);
    }
  }

  /** The customer's binding in their latest conversation. */
  bindingOf(address: string): MessagingBinding | null {
    return this.#participations(address).at(-1)?.messagingBinding ?? null;
  }

  /** The messages of the customer's latest conversation. */
  messagesOf(address: string): readonly Message[] {
    const latest = this.#participations(address).at(-1);
    return latest === undefined ? [] : this.twilio.messages(latest.conversationSid);
  }

  /** The customer's latest conversation. */
  conversationOf(address: string): string {
    const latest = this.#participations(address).at(-1);
    if (latest === undefined) throw new Error(`${address} has no conversation`);
    return latest.conversationSid;
  }

  /** Adds a worker to a conversation, as another tool of the team might. */
  async join(sid: string, identity: string): Promise<void> {
    const body = new URLSearchParams({ Identity: identity });
    same('the status', await this.#askTwilio(sid, '', { method: 'POST', body }), 201);
  }

  /** Takes a worker out of a conversation, as another tool of the team might. */
  async leave(sid: string, identity: string): Promise<void> {
    const participant = this.twilio.participants(sid).find((known) => known.identity === identity);
    same('the status', await this.#askTwilio(sid, `/${participant?.sid}`, { method: 'DELETE' }), 204);
  }

  async #askTwilio(sid: string, path: string, init: RequestInit): Promise<number> {
    const { accountSid, authToken } = DEMO_CREDENTIALS;
    const response = await fetch(`${this.twilio.url}/v1/Conversations/${sid}/Participants${path}`, {
      ...init,
      headers: {
        Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
        'X-Twilio-Webhook-Enabled': 'true',
      },
    });
    return response.status;
  }

  /** A chat of a worker's. */
  chatOf(identity: string): string {
    const own = this.twilio
      .conversations()
      .find(({ sid }) =>
        this.twilio.participants(sid).some((participant) => participant.identity === identity),
      );
    if (own === undefined) throw new Error(`${identity} has no chat`);
    return own.sid;
  }

  #participations(address: string) {
    return this.twilio
      .conversations()
      .flatMap(({ sid }) => this.twilio.participants(sid))
      .filter(({ messagingBinding }) => messagingBinding?.address === address);
  }
}

function chat(twilio: TwilioEmulator, name: string, address: string, identity: string): KnownChat {
  const isWhatsApp = address.startsWith('whatsapp:');
  const proxyAddress = isWhatsApp ? DEMO_CREDENTIALS.whatsappNumber : DEMO_CREDENTIALS.smsNumber;
  const { sid } = twilio.createConversation({
    dateCreated: new Date(Date.now() - 60 * 24 * HOUR),
    participants: [{ address, proxyAddress }, { identity }],
  });
  return { sid, name, address };
}

function write(twilio: TwilioEmulator, { sid, address }: KnownChat, dateCreated: Date): void {
  twilio.createMessage(sid, { author: address, body: 'Could you tell me more?', dateCreated });
}

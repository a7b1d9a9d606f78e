import { createHash, timingSafeEqual } from 'node:crypto';
import type { EmulatorClock } from './clock';
import type { MessageMedia } from './conversation';
import type { SidSource } from './sids';
import { twilioError } from './twilio-errors';

/** A file that was uploaded or that a customer sent. */
export interface MediaFile extends MessageMedia {
  readonly bytes: Buffer;
  readonly author: string | null;
  readonly category: string;
  readonly isMultipart: boolean;
  /** The message that has it, and its conversation; null before it is attached. */
  readonly messageSid: string | null;
  readonly conversationSid: string | null;
  readonly dateCreated: Date;
}

export interface NewMedia {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly filename?: string | undefined;
  readonly author?: string | undefined;
  /** @default 'media' */
  readonly category?: string | undefined;
  readonly isMultipart?: boolean;
}

const KEY_PAIR_ID = 'KEMULATOR';

/** The files of the conversation service, and the temporary addresses at which each can be read without credentials. */
export class MediaStore {
  readonly #files = new Map<string, MediaFile>();

  /** @param lifetimeMs of a temporary address. */
  constructor(
    readonly sids: SidSource,
    readonly clock: EmulatorClock,
    readonly lifetimeMs: number,
  ) {}

  find(sid: string): MediaFile | undefined {
    return this.#files.get(sid);
  }

  add({ bytes, contentType, filename, author, category, isMultipart = false }: NewMedia): MediaFile {
    const file: MediaFile = {
      sid: this.sids.next('ME'),
      bytes,
      size: bytes.length,
      contentType,
      filename: filename ?? null,
      author: author ?? null,
      category: category ?? 'media',
      isMultipart,
      messageSid: null,
      conversationSid: null,
      dateCreated: this.clock.now(),
    };
    this.#files.set(file.sid, file);
    return file;
  }

  delete(sid: string): void {
    this.#files.delete(sid);
  }

  /** @throws {TwilioError} 50510 for an invalid SID, 50507 for an unknown one, 50508 if another message has the file. */
  unattached(sid: string): MediaFile {
    if (!/^ME[0-9a-f]{32}$/i.test(sid)) throw twilioError('mediaSidInvalid');
    const file = this.find(sid);
    if (file === undefined) throw twilioError('mediaNotFound');
    if (file.messageSid !== null) throw twilioError('mediaUsed');
    return file;
  }

  attach(media: readonly MessageMedia[], messageSid: string, conversationSid: string): void {
    for (const { sid } of media) {
      const file = this.find(sid);
      if (file !== undefined) this.#files.set(sid, { ...file, messageSid, conversationSid });
    }
  }

  /** The query of a temporary address, like that of a signed CloudFront URL. */
  sign(sid: string): string {
    const expires = String(Math.floor((this.clock.now().getTime() + this.lifetimeMs) / 1_000));
    return `Expires=${expires}&Signature=${signature(sid, expires)}&Key-Pair-Id=${KEY_PAIR_ID}`;
  }

  /** Whether a temporary address is valid and has not expired. */
  isReadable(sid: string, { Expires = '', Signature = '' }: Readonly<Record<string, string>>): boolean {
    const expected = Buffer.from(signature(sid, Expires));
    const given = Buffer.from(Signature);
    const isSigned = expected.length === given.length && timingSafeEqual(expected, given);
    return isSigned && this.clock.now().getTime() < Number(Expires) * 1_000;
  }
}

function signature(sid: string, expires: string): string {
  return createHash('sha256').update(`${KEY_PAIR_ID} ${sid} ${expires}`).digest('hex');
}

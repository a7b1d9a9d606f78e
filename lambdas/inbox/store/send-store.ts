import * as v from 'valibot';
import { NumberOrZero, numberAttribute, Text, TextOrNull, textAttributes } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, EXISTS, type Expression, IS_NEW } from '../../replica/dynamo-table';
import type { ItemKey } from '../../replica/keys';
import { INBOX_KEYS } from './inbox-keys';

const KEPT_SECONDS = 7 * 24 * 60 * 60;
/** Longer than a request may take: a claim that is older has an unknown outcome. */
export const POSTING_MS = 25_000;

/** How a send ended, or that it has not. */
export interface SendClaim {
  readonly chatSid: string;
  readonly state: 'posting' | 'sent' | 'unknown';
  /** Set once the message is known. */
  readonly messageSid: string | null;
  /** When it was claimed, in milliseconds since the epoch. */
  readonly claimedAt: number;
}

const Attributes = v.object({
  chat_sid: Text,
  state: v.pipe(Text, v.picklist(['posting', 'sent', 'unknown'])),
  message_sid: TextOrNull,
  claimed_at: NumberOrZero,
});

/** What became of each send id, so that none is posted twice. */
export class SendStore {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  async find(identity: string, sendId: string): Promise<SendClaim | null> {
    const parsed = v.safeParse(Attributes, await this.#table.get(INBOX_KEYS.send(identity, sendId)));
    if (!parsed.success) return null;
    const { chat_sid, state, message_sid, claimed_at } = parsed.output;
    return { chatSid: chat_sid, state, messageSid: message_sid, claimedAt: claimed_at };
  }

  /** @returns false where the id is claimed already */
  async claim(identity: string, sendId: string, chatSid: string, now: Date): Promise<boolean> {
    const item = {
      ...textAttributes({ ...INBOX_KEYS.send(identity, sendId), chat_sid: chatSid, state: 'posting' }),
      claimed_at: numberAttribute(now.getTime()),
      expires_at: numberAttribute(Math.floor(now.getTime() / 1_000) + KEPT_SECONDS),
    };
    return (await this.#table.put(item, IS_NEW)) !== null;
  }

  async settle(
    identity: string,
    sendId: string,
    outcome: { readonly messageSid: string } | 'unknown',
  ): Promise<void> {
    const key: ItemKey = INBOX_KEYS.send(identity, sendId);
    const messageSid = outcome === 'unknown' ? null : outcome.messageSid;
    const change: Expression = {
      text: messageSid === null ? 'SET #state = :state' : 'SET #state = :state, #message = :message',
      names: { '#state': 'state', ...(messageSid !== null && { '#message': 'message_sid' }) },
      values: {
        ':state': { S: messageSid === null ? 'unknown' : 'sent' },
        ...(messageSid !== null && { ':message': { S: messageSid } }),
      },
    };
    await this.#table.update(key, change, EXISTS);
  }

  /** Frees the id, because Twilio certainly did nothing: the same send may be tried again. */
  async release(identity: string, sendId: string): Promise<void> {
    await this.#table.delete(INBOX_KEYS.send(identity, sendId));
  }
}

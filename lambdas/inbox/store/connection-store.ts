import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { NumberOrZero, numberAttribute, Text, textAttributes } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, type Expression, IS_NEW, inPartition } from '../../replica/dynamo-table';
import { CONNECTION, INBOX_KEYS, workerPartition } from './inbox-keys';

/** How long a ticket is valid: the app connects with it at once. */
const TICKET_MS = 30_000;
/** As `issueTicket` makes them. */
const TICKET = /^[\w-]{32}$/;
/** API Gateway ends a connection after two hours; the items of one that ended unnoticed go a little later. */
const CONNECTION_MS = 2.25 * 60 * 60_000;
/** Longer than a connection takes to be opened. */
const ENDED_MS = 10 * 60_000;

const Ticket = v.object({ subject: Text, valid_until: NumberOrZero });
const Connection = v.object({ connection_id: Text, added_at: NumberOrZero, expires_at: NumberOrZero });
const Owner = v.object({ identity: Text });

export interface IssuedTicket {
  /** A secret for one connection. */
  readonly ticket: string;
  readonly expiresAt: Date;
}

export interface OpenConnection {
  readonly id: string;
  readonly identity: string;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

/** Tickets and open connections of the live socket, in the inbox table. */
export class ConnectionStore {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  async issueTicket(subject: string, now: Date): Promise<IssuedTicket> {
    const ticket = randomBytes(24).toString('base64url');
    const expiresAt = new Date(now.getTime() + TICKET_MS);
    await this.#table.put({
      ...textAttributes({ ...ticketKey(ticket), subject }),
      valid_until: numberAttribute(expiresAt.getTime()),
      expires_at: inSeconds(expiresAt.getTime()),
    });
    return { ticket, expiresAt };
  }

  /**
   * Uses a ticket up; of two who try at once, one gets it.
   * @returns the subject that it was issued to; null for a used, expired or forged one
   */
  async redeemTicket(ticket: string, now: Date): Promise<string | null> {
    // What cannot be a ticket costs no request.
    if (!TICKET.test(ticket)) return null;
    const taken = v.safeParse(Ticket, await this.#table.take(ticketKey(ticket)));
    return taken.success && taken.output.valid_until > now.getTime() ? taken.output.subject : null;
  }

  /** @returns false for a connection that is known already, or that ended before its function was done */
  async add(identity: string, connectionId: string, now: Date): Promise<boolean> {
    const expires_at = inSeconds(now.getTime() + CONNECTION_MS);
    const row = INBOX_KEYS.connection(identity, connectionId);
    // The owner last: from then on the end of the connection finds the row.
    await this.#table.put({
      ...textAttributes({ ...row, connection_id: connectionId }),
      added_at: numberAttribute(now.getTime()),
      expires_at,
    });
    const owner = {
      ...textAttributes({ ...INBOX_KEYS.connectionOwner(connectionId), identity }),
      expires_at,
    };
    if ((await this.#table.put(owner, IS_NEW)) !== null) return true;
    const known = v.safeParse(Owner, await this.#table.get(INBOX_KEYS.connectionOwner(connectionId)));
    if (!known.success || known.output.identity !== identity) await this.#table.delete(row);
    return false;
  }

  /** Notes that a connection ended, for good: the end may come before `add` is done. */
  async end(connectionId: string, now: Date): Promise<void> {
    const ended = await this.#table.put({
      ...textAttributes({ ...INBOX_KEYS.connectionOwner(connectionId) }),
      expires_at: inSeconds(now.getTime() + ENDED_MS),
    });
    const owner = v.safeParse(Owner, ended?.replaced);
    if (owner.success) await this.#table.delete(INBOX_KEYS.connection(owner.output.identity, connectionId));
  }

  /** Removes a connection that API Gateway does not know any more. */
  async remove({ id, identity }: Pick<OpenConnection, 'id' | 'identity'>): Promise<void> {
    await this.#table.delete(INBOX_KEYS.connection(identity, id));
    await this.#table.delete(INBOX_KEYS.connectionOwner(id));
  }

  /** The worker's open connections. */
  async connectionsOf(identity: string, now: Date): Promise<OpenConnection[]> {
    const worker = inPartition(workerPartition(identity));
    const key: Expression = {
      text: `${worker.text} AND begins_with(#sk, :prefix)`,
      names: { ...worker.names, '#sk': 'sk' },
      values: { ...worker.values, ':prefix': { S: CONNECTION } },
    };
    const open: OpenConnection[] = [];
    for await (const items of this.#table.query({ key })) {
      for (const item of items) {
        const parsed = v.safeParse(Connection, item);
        if (!parsed.success) continue;
        const { connection_id, added_at, expires_at } = parsed.output;
        if (expires_at * 1_000 > now.getTime()) open.push({ id: connection_id, identity, addedAt: added_at });
      }
    }
    return open;
  }
}

/** By its digest, so that reading the table is not enough to connect. */
function ticketKey(ticket: string) {
  return INBOX_KEYS.ticket(createHash('sha256').update(ticket).digest('base64url'));
}

/** A time to live; DynamoDB counts it in seconds. */
function inSeconds(milliseconds: number) {
  return numberAttribute(Math.ceil(milliseconds / 1_000));
}

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { NumberOrZero, numberAttribute, Text, textAttributes } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, type Expression } from '../../replica/dynamo-table';
import { INBOX_KEYS, workerPartition } from './inbox-keys';

/** How long a ticket is valid. */
const TICKET_SECONDS = 60;
/** API Gateway ends a connection after two hours; the items of one that ended unnoticed go later. */
const CONNECTION_SECONDS = 3 * 60 * 60;

const Ticket = v.object({ subject: Text, expires_at: NumberOrZero });
const Connection = v.object({ connection_id: Text, added_at: NumberOrZero, expires_at: NumberOrZero });
const Owner = v.object({ identity: Text });

export interface IssuedTicket {
  /** A secret for one connection. */
  readonly ticket: string;
  readonly expiresAt: Date;
}

export interface OpenConnection {
  readonly id: string;
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
    const expiresAt = new Date(now.getTime() + TICKET_SECONDS * 1_000);
    await this.#table.put({
      ...textAttributes({ ...INBOX_KEYS.ticket(ticket), subject }),
      expires_at: numberAttribute(Math.ceil(expiresAt.getTime() / 1_000)),
    });
    return { ticket, expiresAt };
  }

  /** Uses a ticket up. @returns the subject that it was issued to; null for a used, expired or forged one */
  async redeemTicket(ticket: string, now: Date): Promise<string | null> {
    const key = INBOX_KEYS.ticket(ticket);
    const found = v.safeParse(Ticket, await this.#table.get(key));
    if (!found.success) return null;
    const isFirst = await this.#table.delete(key, EXISTS);
    return isFirst && found.output.expires_at * 1_000 > now.getTime() ? found.output.subject : null;
  }

  async add(identity: string, connectionId: string, now: Date): Promise<void> {
    const expires_at = numberAttribute(Math.ceil(now.getTime() / 1_000) + CONNECTION_SECONDS);
    // The owner first: a connection that is written to can always be removed.
    await this.#table.put({
      ...textAttributes({ ...INBOX_KEYS.connectionOwner(connectionId), identity }),
      expires_at,
    });
    await this.#table.put({
      ...textAttributes({
        ...INBOX_KEYS.connection(identity, connectionId),
        connection_id: connectionId,
      }),
      added_at: numberAttribute(now.getTime()),
      expires_at,
    });
  }

  async remove(connectionId: string): Promise<void> {
    const ownerKey = INBOX_KEYS.connectionOwner(connectionId);
    const owner = v.safeParse(Owner, await this.#table.get(ownerKey));
    if (owner.success) await this.#table.delete(INBOX_KEYS.connection(owner.output.identity, connectionId));
    await this.#table.delete(ownerKey);
  }

  /** The worker's open connections. */
  async connectionsOf(identity: string, now: Date): Promise<OpenConnection[]> {
    const key: Expression = {
      text: '#pk = :pk AND begins_with(#sk, :prefix)',
      names: { '#pk': 'pk', '#sk': 'sk' },
      values: { ':pk': { S: workerPartition(identity) }, ':prefix': { S: 'connection#' } },
    };
    const open: OpenConnection[] = [];
    for await (const items of this.#table.query({ key })) {
      for (const item of items) {
        const { connection_id, added_at, expires_at } = v.parse(Connection, item);
        if (expires_at * 1_000 > now.getTime()) open.push({ id: connection_id, addedAt: added_at });
      }
    }
    return open;
  }
}

const EXISTS: Expression = { text: 'attribute_exists(#pk)', names: { '#pk': 'pk' } };

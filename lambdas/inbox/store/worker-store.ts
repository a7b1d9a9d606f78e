import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { Flag, numberAttribute, Text, TextOrBlank } from '../../replica/attributes';
import type { DynamoAccess, Item } from '../../replica/dynamo-access';
import { DynamoTable, EXISTS, type Expression, inPartition } from '../../replica/dynamo-table';
import { INBOX_KEYS, WORKERS } from './inbox-keys';

/** A worker of the team, who may use the inbox while active. */
export interface WorkerRecord {
  /** The subject of the identity provider's token. */
  readonly subject: string;
  /** Exactly as in the customers' `owner` column, and as Twilio's participants have it. */
  readonly identity: string;
  readonly name: string;
  readonly isActive: boolean;
  /** Whether new chats may be routed to this worker. */
  readonly isAvailable: boolean;
  /** Whether the index has been built from Twilio for this worker. */
  readonly isIndexed: boolean;
}

export type NewWorker = Pick<WorkerRecord, 'subject' | 'identity' | 'name' | 'isActive' | 'isAvailable'>;

const WorkerAttributes = v.object({
  subject: Text,
  identity: Text,
  name: TextOrBlank,
  is_active: Flag,
  is_available: Flag,
  is_indexed: Flag,
});

/** Building takes less; after this time another sign-in begins again. */
const BUILD_MS = 5 * 60_000;

/** The team's workers in the inbox table. */
export class WorkerStore {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  async find(subject: string): Promise<WorkerRecord | null> {
    return read(await this.#table.get(INBOX_KEYS.worker(subject)));
  }

  /** All of them, active or not, by name. */
  async list(): Promise<WorkerRecord[]> {
    const workers: WorkerRecord[] = [];
    for await (const items of this.#table.query({ key: inPartition(WORKERS) })) {
      workers.push(...items.flatMap((item) => read(item) ?? []));
    }
    return workers.sort((a, b) => a.name.localeCompare(b.name) || (a.identity < b.identity ? -1 : 1));
  }

  /** Adds a worker, or changes all but what the worker did in the inbox. */
  async save({ subject, identity, name, isActive, isAvailable }: NewWorker): Promise<void> {
    const change: Expression = {
      text: 'SET #subject = :subject, #identity = :identity, #name = :name, #active = :active, #available = if_not_exists(#available, :available)',
      names: {
        '#subject': 'subject',
        '#identity': 'identity',
        '#name': 'name',
        '#active': 'is_active',
        '#available': 'is_available',
      },
      values: {
        ':subject': { S: subject },
        ':identity': { S: identity },
        ':name': { S: name },
        ':active': { BOOL: isActive },
        ':available': { BOOL: isAvailable },
      },
    };
    await this.#table.update(INBOX_KEYS.worker(subject), change);
  }

  /** Gives or ends access. @returns the worker after the change; null for one who does not exist */
  async setActive(subject: string, isActive: boolean): Promise<WorkerRecord | null> {
    return this.#setFlag(subject, 'is_active', isActive);
  }

  /** Removes a record that another one replaces. */
  async delete(subject: string): Promise<void> {
    await this.#table.delete(INBOX_KEYS.worker(subject));
  }

  /** @returns the worker after the change; null for one who does not exist */
  async setAvailable(subject: string, isAvailable: boolean): Promise<WorkerRecord | null> {
    return this.#setFlag(subject, 'is_available', isAvailable);
  }

  /** Claims the building of the worker's index. @returns false where it is built, or being built */
  async claimBuilding(subject: string, now: Date): Promise<boolean> {
    const change: Expression = {
      text: 'SET #until = :until, #holder = :holder',
      names: { '#until': 'build_until', '#holder': 'build_holder' },
      values: { ':until': numberAttribute(now.getTime() + BUILD_MS), ':holder': { S: randomUUID() } },
    };
    const isFree: Expression = {
      text: 'attribute_exists(#pk) AND attribute_not_exists(#indexed) AND (attribute_not_exists(#until) OR #until < :now)',
      names: { '#pk': 'pk', '#indexed': 'is_indexed', '#until': 'build_until' },
      values: { ':now': numberAttribute(now.getTime()) },
    };
    return (await this.#table.update(INBOX_KEYS.worker(subject), change, isFree)) !== null;
  }

  async setIndexed(subject: string): Promise<void> {
    await this.#setFlag(subject, 'is_indexed', true);
  }

  async #setFlag(
    subject: string,
    name: 'is_active' | 'is_available' | 'is_indexed',
    value: boolean,
  ): Promise<WorkerRecord | null> {
    const change: Expression = {
      text: 'SET #flag = :value',
      names: { '#flag': name },
      values: { ':value': { BOOL: value } },
    };
    return read((await this.#table.update(INBOX_KEYS.worker(subject), change, EXISTS)) ?? undefined);
  }
}

function read(item: Item | undefined): WorkerRecord | null {
  const parsed = v.safeParse(WorkerAttributes, item);
  if (!parsed.success) return null;
  const { subject, identity, name, is_active, is_available, is_indexed } = parsed.output;
  return {
    subject,
    identity,
    name: name || identity,
    isActive: is_active,
    isAvailable: is_available,
    isIndexed: is_indexed,
  };
}

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { NumberOrZero, numberAttribute, TextOrNull, textAttribute } from './attributes';
import type { Item } from './dynamo-access';
import type { DynamoTable, Expression } from './dynamo-table';
import type { ReplicaKeys } from './keys';
import { type Lease, LeaseLostError, type SyncState, type WebhookRegistration } from './replica-store';

/** A run that does not renew its lease for this long counts as dead: another may take over. */
const LEASE_MS = 60_000;
/** Acquiring the lease, or requesting another run, may cross with a release, but hardly this often. */
const ACQUIRE_ROUNDS = 5;

const json = <TSchema extends v.GenericSchema>(schema: TSchema) =>
  v.pipe(
    v.object({ S: v.pipe(v.string(), v.parseJson(), schema) }),
    v.transform(({ S }) => S),
  );
const part = <TSchema extends v.GenericSchema>(schema: TSchema) => v.fallback(v.nullable(json(schema)), null);

const idOrNull = v.nullable(v.string());

const State = v.object({
  lastPass: part(
    v.object({
      startedAt: v.number(),
      finishedAt: v.number(),
      customers: v.number(),
      mappingVersion: v.string(),
    }),
  ),
  passProgress: part(v.object({ startedAt: v.number(), customers: v.number() })),
  cursor: part(v.number()),
  drainedAt: part(v.number()),
  drainedForPingAt: part(v.number()),
  ownerColumn: v.fallback(json(v.picklist(['text', 'collaborator', 'unknown'])), 'unknown'),
  schemaIds: part(v.object({ table: idOrNull, optOut: idOrNull, sms: idOrNull, whatsapp: idOrNull })),
  webhookProblem: part(v.string()),
  lastFailure: part(v.object({ at: v.number(), message: v.string() })),
});

const LeaseAttributes = v.object({ lease_holder: TextOrNull, lease_number: NumberOrZero });
const Webhook = v.object({
  registration: part(
    v.object({ id: v.string(), macSecretBase64: v.string(), notificationUrl: v.nullable(v.string()) }),
  ),
});

/** The item that holds the lease and the state of sync, and the webhook's beside it. */
export class SyncItem {
  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {}

  async readState(): Promise<SyncState> {
    return v.parse(State, (await this.table.get(this.keys.sync)) ?? {});
  }

  async updateState({ holder }: Lease, changes: Partial<SyncState>): Promise<void> {
    const parts = Object.entries(changes);
    if (parts.length === 0) return;
    const change = setting(parts.map(([name, value]) => [name, textAttribute(JSON.stringify(value))]));
    await this.#asHolder(holder, change);
  }

  async readWebhook(): Promise<WebhookRegistration | null> {
    return v.parse(Webhook, (await this.table.get(this.keys.webhook)) ?? {}).registration;
  }

  /** The lease number prevents a run that lost the lease from overwriting the registration of the next run. */
  async writeWebhook({ holder }: Lease, webhook: WebhookRegistration | null): Promise<void> {
    const { lease_holder, lease_number } = await this.#readLease();
    if (lease_holder !== holder) throw lost();
    const change = setting([
      ['registration', textAttribute(JSON.stringify(webhook))],
      ['lease_number', numberAttribute(lease_number)],
    ]);
    const written = await this.table.update(this.keys.webhook, change, {
      text: 'attribute_not_exists(#lease_number) OR #lease_number <= :mine',
      names: { '#lease_number': 'lease_number' },
      values: { ':mine': numberAttribute(lease_number) },
    });
    if (written === null) throw lost();
  }

  async acquireLease(now: number): Promise<Lease | null> {
    const holder = randomUUID();
    for (let round = 0; round < ACQUIRE_ROUNDS; round += 1) {
      if (await this.#take(holder, now)) return this.#lease(holder);
      if (await this.#askForAnotherRun()) return null;
    }
    return null;
  }

  async #take(holder: string, now: number): Promise<boolean> {
    const taken = await this.table.update(
      this.keys.sync,
      {
        text: 'SET #holder = :holder, #expires = :expires, #number = if_not_exists(#number, :zero) + :one REMOVE #again',
        names: { ...HOLDER, '#expires': 'lease_expires_at', '#number': 'lease_number', '#again': 'again' },
        values: {
          ':holder': textAttribute(holder),
          ':expires': numberAttribute(now + LEASE_MS),
          ':zero': numberAttribute(0),
          ':one': numberAttribute(1),
        },
      },
      {
        // The run's own name is there where the client repeats a request whose response was lost.
        text: 'attribute_not_exists(#holder) OR #holder = :holder OR #expires < :now',
        names: {},
        values: { ':now': numberAttribute(now) },
      },
    );
    return taken !== null;
  }

  /** False where the lease was released meanwhile. */
  async #askForAnotherRun(): Promise<boolean> {
    const change: Expression = {
      text: 'SET #again = :yes',
      names: { '#again': 'again' },
      values: { ':yes': { BOOL: true } },
    };
    const held: Expression = { text: 'attribute_exists(#holder)', names: HOLDER };
    return (await this.table.update(this.keys.sync, change, held)) !== null;
  }

  #lease(holder: string): Lease {
    return {
      holder,
      renew: async (now) => {
        await this.#asHolder(holder, setting([['lease_expires_at', numberAttribute(now + LEASE_MS)]]));
      },
      release: () => this.#release(holder),
    };
  }

  async #release(holder: string): Promise<'released' | 'again'> {
    const released = await this.table.update(
      this.keys.sync,
      { text: 'REMOVE #holder, #expires', names: { '#expires': 'lease_expires_at' } },
      {
        text: '#holder = :holder AND attribute_not_exists(#again)',
        names: { ...HOLDER, '#again': 'again' },
        values: { ':holder': textAttribute(holder) },
      },
    );
    if (released !== null) return 'released';
    // No holder: this release succeeded, and the client repeated it because the response was lost.
    if ((await this.#readLease()).lease_holder === null) return 'released';
    await this.#asHolder(holder, { text: 'REMOVE #again', names: { '#again': 'again' } });
    return 'again';
  }

  async #asHolder(holder: string, change: Expression): Promise<Item> {
    const changed = await this.table.update(this.keys.sync, change, {
      text: '#holder = :holder',
      names: HOLDER,
      values: { ':holder': textAttribute(holder) },
    });
    if (changed === null) throw lost();
    return changed;
  }

  async #readLease() {
    return v.parse(LeaseAttributes, (await this.table.get(this.keys.sync)) ?? {});
  }
}

const HOLDER = { '#holder': 'lease_holder' } as const;

/** An update that sets attributes to values. */
function setting(attributes: readonly (readonly [string, Item[string]])[]): Expression {
  return {
    text: `SET ${attributes.map((_, index) => `#set${index} = :set${index}`).join(', ')}`,
    names: Object.fromEntries(attributes.map(([name], index) => [`#set${index}`, name])),
    values: Object.fromEntries(attributes.map(([, value], index) => [`:set${index}`, value])),
  };
}

function lost(): LeaseLostError {
  return new LeaseLostError('Another run of sync holds the lease');
}

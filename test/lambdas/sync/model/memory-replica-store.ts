import type { Template } from '../../../../lambdas/customers/customer-repository';
import type { AddressKey } from '../../../../lambdas/phone-number/address';
import {
  type CustomerHead,
  type CustomerWrite,
  type Lease,
  LeaseLostError,
  type PutResult,
  type ReplicaStore,
  type StoredCustomer,
  type SyncState,
  type WebhookRegistration,
} from '../../../../lambdas/replica/replica-store';

const LEASE_MS = 60_000;

/** The replica in memory: each method takes effect at once, under the same conditions as in DynamoDB. */
export class MemoryReplicaStore implements ReplicaStore {
  readonly customers = new Map<string, StoredCustomer>();
  readonly #tombstones = new Map<string, number>();
  owners: ReadonlyMap<string, number> = new Map();
  templates: readonly Template[] = [];
  webhook: WebhookRegistration | null = null;
  state: SyncState = {
    lastPass: null,
    passProgress: null,
    cursor: null,
    drainedAt: null,
    drainedForPingAt: null,
    ownerColumn: 'unknown',
    schemaIds: null,
    webhookProblem: null,
    lastFailure: null,
  };
  #lease: { readonly holder: string; expiresAt: number } | null = null;
  #again = false;
  #holders = 0;

  async acquireLease(now: number): Promise<Lease | null> {
    if (this.#lease !== null && this.#lease.expiresAt >= now) {
      this.#again = true;
      return null;
    }
    this.#holders += 1;
    const holder = `run ${this.#holders}`;
    this.#lease = { holder, expiresAt: now + LEASE_MS };
    this.#again = false;
    return {
      holder,
      renew: async (time) => {
        this.#held(holder).expiresAt = time + LEASE_MS;
      },
      release: async () => {
        this.#held(holder);
        if (this.#again) {
          this.#again = false;
          return 'again';
        }
        this.#lease = null;
        return 'released';
      },
    };
  }

  #held(holder: string) {
    if (this.#lease?.holder !== holder) throw new LeaseLostError('Another run of sync holds the lease');
    return this.#lease;
  }

  async readState(): Promise<SyncState> {
    return this.state;
  }

  async updateState({ holder }: Lease, changes: Partial<SyncState>): Promise<void> {
    this.#held(holder);
    this.state = { ...this.state, ...changes };
  }

  async readWebhook(): Promise<WebhookRegistration | null> {
    return this.webhook;
  }

  async writeWebhook({ holder }: Lease, webhook: WebhookRegistration | null): Promise<void> {
    this.#held(holder);
    this.webhook = webhook;
  }

  async customersByRecordId(recordIds: readonly string[]): Promise<ReadonlyMap<string, StoredCustomer>> {
    return new Map(
      recordIds.flatMap((id) => {
        const stored = this.customers.get(id);
        return stored === undefined ? [] : [[id, stored] as const];
      }),
    );
  }

  async recordIdsAt(keys: readonly AddressKey[], tails: readonly string[]): Promise<string[]> {
    return [...this.customers.values()].flatMap(({ recordId, addressKeys, digitTails }) =>
      addressKeys.some((key) => keys.includes(key)) || digitTails.some((tail) => tails.includes(tail))
        ? [recordId]
        : [],
    );
  }

  async *scanHeads(): AsyncGenerator<CustomerHead> {
    yield* [...this.customers.values()];
  }

  async putCustomer(write: CustomerWrite): Promise<PutResult> {
    const { stored, customer, readAt, hash, mappingVersion, refresh } = write;
    const isEqual = stored?.hash === hash && stored.mappingVersion === mappingVersion;
    if (stored !== null && stored.readAt > readAt) return { outcome: 'outdated' };
    if (isEqual && !refresh) return { outcome: 'unchanged' };
    if (this.#lastReadAt(customer.recordId) >= readAt) return { outcome: 'outdated' };
    const { recordId, owner, optOutCell, addressKeys, digitTails, id } = customer;
    this.#tombstones.delete(recordId);
    this.customers.set(recordId, {
      recordId,
      readAt,
      hash,
      owner,
      optOutCell,
      addressKeys,
      digitTails,
      idColumn: id === recordId ? null : id,
      mappingVersion,
      customer,
    });
    return isEqual ? { outcome: 'unchanged' } : { outcome: 'written', trimmed: [] };
  }

  async deleteCustomer(recordId: string, readAt: number): Promise<'deleted' | 'absent' | 'outdated'> {
    const stored = this.customers.get(recordId);
    if (this.#lastReadAt(recordId) >= readAt) return stored === undefined ? 'absent' : 'outdated';
    this.customers.delete(recordId);
    this.#tombstones.set(recordId, readAt);
    return stored === undefined ? 'absent' : 'deleted';
  }

  #lastReadAt(recordId: string): number {
    return this.customers.get(recordId)?.readAt ?? this.#tombstones.get(recordId) ?? Number.NEGATIVE_INFINITY;
  }

  async replaceTemplates(templates: readonly Template[]): Promise<void> {
    this.templates = templates;
  }

  async replaceOwners(counts: ReadonlyMap<string, number>): Promise<void> {
    this.owners = counts;
  }
}

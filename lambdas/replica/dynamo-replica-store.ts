import type { Template } from '../customers/customer-repository';
import type { AddressKey } from '../phone-number/address';
import { HEAD_ATTRIBUTES, storedCustomer } from './customer-item';
import { CustomerItems } from './customer-items';
import { CustomerReader } from './customer-reader';
import type { DynamoAccess } from './dynamo-access';
import { DynamoTable } from './dynamo-table';
import { ReplicaKeys } from './keys';
import { OwnerItems } from './owner-items';
import type {
  CustomerHead,
  CustomerWrite,
  Lease,
  PutResult,
  ReplicaStore,
  StoredCustomer,
  SyncState,
  WebhookRegistration,
} from './replica-store';
import { SyncItem } from './sync-item';
import { TemplateItems } from './template-items';

/** The replica of one base in DynamoDB. One object per run of sync, or per request. */
export class DynamoReplicaStore implements ReplicaStore {
  readonly #table: DynamoTable;
  readonly #keys: ReplicaKeys;
  readonly #sync: SyncItem;
  readonly #reader: CustomerReader;
  readonly #customers: CustomerItems;
  readonly #templates: TemplateItems;
  readonly #owners: OwnerItems;

  constructor(access: DynamoAccess & { readonly baseId: string }) {
    this.#table = new DynamoTable(access);
    this.#keys = new ReplicaKeys(access.baseId);
    this.#sync = new SyncItem(this.#table, this.#keys);
    this.#reader = new CustomerReader(this.#table, this.#keys);
    this.#customers = new CustomerItems(this.#table, this.#keys);
    this.#templates = new TemplateItems(this.#table, this.#keys);
    this.#owners = new OwnerItems(this.#table, this.#keys);
  }

  acquireLease(now: number): Promise<Lease | null> {
    return this.#sync.acquireLease(now);
  }

  readState(): Promise<SyncState> {
    return this.#sync.readState();
  }

  updateState(lease: Lease, changes: Partial<SyncState>): Promise<void> {
    return this.#sync.updateState(lease, changes);
  }

  readWebhook(): Promise<WebhookRegistration | null> {
    return this.#sync.readWebhook();
  }

  writeWebhook(lease: Lease, webhook: WebhookRegistration | null): Promise<void> {
    return this.#sync.writeWebhook(lease, webhook);
  }

  async customersByRecordId(recordIds: readonly string[]): Promise<ReadonlyMap<string, StoredCustomer>> {
    const customers = (await this.#reader.customers(recordIds)).map(storedCustomer);
    return new Map(customers.map((customer) => [customer.recordId, customer]));
  }

  async recordIdsAt(keys: readonly AddressKey[], tails: readonly string[]): Promise<string[]> {
    return (await this.#reader.customersAt(keys, tails)).map((item) => storedCustomer(item).recordId);
  }

  async *scanHeads(): AsyncGenerator<CustomerHead> {
    const filter = {
      text: 'begins_with(#pk, :customers) AND attribute_not_exists(#deleted)',
      names: { '#pk': 'pk', '#deleted': 'deleted' },
      values: { ':customers': { S: this.#keys.customers } },
    } as const;
    for await (const items of this.#table.scan({ filter, attributes: HEAD_ATTRIBUTES })) {
      for (const item of items) {
        const { customer: _, ...head } = storedCustomer(item);
        yield head;
      }
    }
  }

  async putCustomer(write: CustomerWrite): Promise<PutResult> {
    const { owner } = write.customer;
    // Before the customer: a crash between the two leaves a surplus owner until the next full pass.
    if (owner !== null && owner !== write.stored?.owner) await this.#owners.add(owner, write.readAt);
    return this.#customers.put(write);
  }

  deleteCustomer(recordId: string, readAt: number, now: number): Promise<'deleted' | 'absent' | 'outdated'> {
    return this.#customers.delete(recordId, readAt, now);
  }

  replaceTemplates(templates: readonly Template[], readAt: number): Promise<void> {
    return this.#templates.replace(templates, readAt);
  }

  replaceOwners(counts: ReadonlyMap<string, number>, since: number): Promise<void> {
    return this.#owners.replace(counts, since);
  }
}

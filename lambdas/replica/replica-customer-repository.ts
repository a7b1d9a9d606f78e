import { addressesOf, type Customer } from '../customers/customer';
import type {
  CustomerPage,
  CustomerRepository,
  Owner,
  PageRequest,
  Template,
} from '../customers/customer-repository';
import { NotFoundError } from '../errors';
import { type Address, type CountryCode, digitTailOf } from '../phone-number/address';
import { customerIn } from './customer-item';
import { CustomerList } from './customer-list';
import { CustomerReader } from './customer-reader';
import type { DynamoAccess, Item } from './dynamo-access';
import { DynamoTable } from './dynamo-table';
import { ReplicaKeys } from './keys';
import { OwnerItems } from './owner-items';
import type { ReplicaReadiness } from './replica-readiness';
import { SyncItem } from './sync-item';
import { TemplateItems } from './template-items';

const NOT_THERE = 'This customer is not in Airtable any more. Pull down to load the list again.';

export interface ReplicaAccess extends DynamoAccess {
  readonly baseId: string;
  readonly readiness: ReplicaReadiness;
  /** The secret that seals page tokens. */
  readonly sealingSecret: string;
  readonly defaultCountry: CountryCode;
  /** Milliseconds since the epoch. @default the clock's */
  readonly now?: () => number;
  /** Called with irregularities in the data, for the log. */
  readonly onWarning?: (message: string) => void;
}

/** The customers and templates of a base as sync copied them to DynamoDB. One object per request. */
export class ReplicaCustomerRepository implements CustomerRepository {
  readonly #table: DynamoTable;
  readonly #keys: ReplicaKeys;
  readonly #reader: CustomerReader;
  readonly #sync: SyncItem;
  readonly #now: () => number;

  constructor(private readonly access: ReplicaAccess) {
    this.#table = new DynamoTable(access);
    this.#keys = new ReplicaKeys(access.baseId);
    this.#reader = new CustomerReader(this.#table, this.#keys);
    this.#sync = new SyncItem(this.#table, this.#keys);
    this.#now = access.now ?? Date.now;
  }

  async listCustomers(page: PageRequest): Promise<CustomerPage> {
    await this.#ready();
    const { sealingSecret, defaultCountry } = this.access;
    const options = { sealingSecret, defaultCountry, now: this.#now };
    return new CustomerList(this.#table, this.#keys, this.#reader, options).page(page);
  }

  async getCustomer(id: string, worker: string): Promise<Customer> {
    const customers = await this.customersWithId(id);
    const customer = customers.find(({ owner }) => owner === worker) ?? customers[0];
    if (customer === undefined)
      throw new NotFoundError(`No customer has the id ${id}`, { userMessage: NOT_THERE });
    if (customers.length > 1) {
      this.#warn(`Several customers share the id ${id}; using the worker's own, else the oldest`);
    }
    return customer;
  }

  async customersWithId(id: string): Promise<Customer[]> {
    await this.#ready();
    const [byRecordId, recordIds] = await Promise.all([
      this.#reader.customers([id]),
      this.#reader.recordIds([{ kind: 'id', text: id }]),
    ]);
    const byColumn = await this.#reader.customers(recordIds.filter((recordId) => recordId !== id));
    const found = this.#read([...byRecordId, ...byColumn]);
    // The id that lists show comes first: a record id typed into another's id column must not lead to a wrong customer.
    const shown = found.filter((customer) => customer.id === id).sort(byAge);
    return shown.length > 0 ? shown : found.filter(({ recordId }) => recordId === id);
  }

  async findByAddress(addresses: readonly Address[]): Promise<Customer[]> {
    const customers = await this.#find(addresses, []);
    const sharers = addresses.filter(
      ({ key }) => customers.filter(({ addressKeys }) => addressKeys.includes(key)).length > 1,
    );
    if (sharers.length > 0) this.#warn('Several customers share this number; using the first match');
    return customers;
  }

  findPossiblyAt(addresses: readonly Address[]): Promise<Customer[]> {
    const tails = addresses.flatMap(({ key }) => digitTailOf(key) ?? []);
    return this.#find(addresses, [...new Set(tails)]);
  }

  async listTemplates(): Promise<Template[]> {
    await this.#ready();
    return new TemplateItems(this.#table, this.#keys).list();
  }

  async listOwners(): Promise<Owner[]> {
    await this.#ready();
    return new OwnerItems(this.#table, this.#keys).list();
  }

  async #find(addresses: readonly Address[], tails: readonly string[]): Promise<Customer[]> {
    await this.#ready();
    const keys = [...new Set(addresses.map(({ key }) => key))];
    const found = this.#read(await this.#reader.customersAt(keys, tails));
    const rank = (customer: Customer) => {
      const isOnChannel = addressesOf(customer).some((own) =>
        addresses.some(({ channel, key }) => own.channel === channel && own.key === key),
      );
      return (isOnChannel ? 0 : 2) + (customer.owner === null ? 1 : 0);
    };
    return found.sort((a, b) => rank(a) - rank(b) || byAge(a, b));
  }

  #read(items: readonly Item[]): Customer[] {
    return items.map((item) => customerIn(item, this.#now()));
  }

  #ready(): Promise<void> {
    return this.access.readiness.require(this.access.baseId, () => this.#sync.readState());
  }

  #warn(message: string): void {
    this.access.onWarning?.(message);
  }
}

/** Oldest first; unknown age last. */
function byAge(a: Customer, b: Customer): number {
  if (a.createdTime !== b.createdTime) {
    if (a.createdTime === '') return 1;
    return b.createdTime === '' || a.createdTime < b.createdTime ? -1 : 1;
  }
  return a.recordId < b.recordId ? -1 : 1;
}

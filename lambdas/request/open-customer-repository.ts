import { AirtableClient, baseAddressOf } from '../airtable/airtable-client';
import { AirtableCustomerWriter } from '../airtable/airtable-customer-writer';
import { callbackTransport } from '../airtable/airtable-transport';
import { type Configuration, required } from '../config';
import { dynamo, readiness } from '../container';
import type { Credentials } from '../credentials/credentials';
import type { Customer } from '../customers/customer';
import type { CustomerRepository, CustomerWriter } from '../customers/customer-repository';
import type { CallContext } from '../http-client/send';
import { forgetChatsOf } from '../inbox/queue/tell-inbox';
import type { OptOutStore } from '../opt-out/opt-out-store';
import type { Address } from '../phone-number/address';
import { CustomerClaims } from '../replica/customer-claims';
import { DynamoOptOutStore } from '../replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../replica/dynamo-replica-store';
import { type ReplicaAccess, ReplicaCustomerRepository } from '../replica/replica-customer-repository';
import type { RequestLog } from '../telemetry/request-log';
import { ReplicatedCustomerWriter } from './replicated-customer-writer';

/** The parts of a request that the opened objects use. */
type Request = CallContext & { readonly configuration: Configuration; readonly credentials: Credentials };

/** The customers and templates as this request may read them. Only this file knows where they are stored. */
export function openCustomerRepository(request: Request): CustomerRepository {
  const { configuration, credentials, requestLog } = request;
  const access = {
    ...replicaAccess(request),
    readiness: readiness(),
    sealingSecret: credentials.airtableApiKey,
    defaultCountry: configuration.defaultCountry,
    onWarning: (message: string) => requestLog.warn(message),
  };
  return new NotingRepository(access, requestLog);
}

/** Adds the customer that an address was resolved to to the log line. */
class NotingRepository extends ReplicaCustomerRepository {
  constructor(
    access: ReplicaAccess,
    private readonly requestLog: RequestLog,
  ) {
    super(access);
  }

  override async findByAddress(addresses: readonly Address[]): Promise<Customer[]> {
    const customers = await super.findByAddress(addresses);
    const [first] = customers;
    if (first !== undefined) this.requestLog.about({ customerId: first.id });
    return customers;
  }
}

/** The opt-outs as this request may read and record them. */
export function openOptOuts({ configuration, deadline }: Request): OptOutStore {
  return new DynamoOptOutStore({
    client: dynamo(),
    table: required(configuration, 'optOutTable'),
    signal: deadline.signal,
  });
}

/** The claims of requests that are adding a customer at the moment. */
export function openClaims(request: Request): CustomerClaims {
  return new CustomerClaims(replicaAccess(request));
}

/** Workers' changes, which are written to Airtable first. */
export async function openCustomerWriter(request: Request): Promise<CustomerWriter> {
  const { configuration, credentials, requestLog } = request;
  const base = {
    url: configuration.airtableUrl,
    baseId: configuration.airtableBaseId,
    apiKey: credentials.airtableApiKey,
  };
  const client = new AirtableClient(base, callbackTransport(request, baseAddressOf(base)));
  const store = new DynamoReplicaStore(replicaAccess(request));
  const { ownerColumn } = await store.readState();
  const { defaultCountry } = configuration;
  return new ReplicatedCustomerWriter({
    airtable: new AirtableCustomerWriter(client, { defaultCountry, ownerColumn }),
    store,
    optOuts: openOptOuts(request),
    requestLog,
    beforeRemoval: (customers) => forgetChatsOf(customers, process.env),
    now: Date.now,
  });
}

function replicaAccess({ configuration, deadline }: Request) {
  return {
    client: dynamo(),
    table: required(configuration, 'replicaTable'),
    baseId: configuration.airtableBaseId,
    signal: deadline.signal,
  };
}

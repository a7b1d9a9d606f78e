import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CustomerRepository } from '../../lambdas/customers/customer-repository';
import type { OptOutStore } from '../../lambdas/opt-out/opt-out-store';
import type { CountryCode } from '../../lambdas/phone-number/address';
import { DynamoOptOutStore } from '../../lambdas/replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import { ReplicaCustomerRepository } from '../../lambdas/replica/replica-customer-repository';
import { ReplicaReadiness } from '../../lambdas/replica/replica-readiness';
import type { ReplicaStore } from '../../lambdas/replica/replica-store';
import type { StartSync } from '../../lambdas/sync/sync-event';

/** A service's two tables and its function `sync`, deployed or on this machine. */
export interface ServiceStores {
  readonly replica: ReplicaStore;
  readonly optOuts: OptOutStore;
  /** The repository that the callbacks read. */
  readonly customers: Pick<CustomerRepository, 'listTemplates' | 'listOwners'>;
  readonly startSync: StartSync;
}

/** The location of the stores and the base of the replica. */
export interface StorePlace {
  readonly client: DynamoDBClient;
  readonly replicaTable: string;
  readonly optOutTable: string;
  readonly baseId: string;
  readonly defaultCountry: CountryCode;
  readonly startSync: StartSync;
}

export function openStores(place: StorePlace): ServiceStores {
  const { client, replicaTable: table, optOutTable, baseId, defaultCountry, startSync } = place;
  return {
    replica: new DynamoReplicaStore({ client, table, baseId }),
    optOuts: new DynamoOptOutStore({ client, table: optOutTable }),
    customers: new ReplicaCustomerRepository({
      client,
      table,
      baseId,
      defaultCountry,
      readiness: new ReplicaReadiness(),
      // Only page tokens need it, and no page is read here.
      sealingSecret: '',
    }),
    startSync,
  };
}

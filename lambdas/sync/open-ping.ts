import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readConfiguration, required } from '../config';
import { InvalidSignatureError } from '../errors';
import { createDynamoClient } from '../replica/dynamo-client';
import { DynamoReplicaStore } from '../replica/dynamo-replica-store';
import type { ReplicaStore } from '../replica/replica-store';
import { startSyncFunction } from './start-sync';
import type { StartSync } from './sync-event';

// One client per container, which keeps its connection between requests.
let client: DynamoDBClient | undefined;

/**
 * The dependencies of a ping: its verification data, and the run that it starts.
 * @throws {InvalidSignatureError} for the ping of another base.
 */
export function openPing(baseId: string): {
  readonly store: Pick<ReplicaStore, 'readWebhook'>;
  readonly startSync: StartSync;
} {
  const configuration = readConfiguration(process.env);
  if (baseId !== configuration.airtableBaseId) {
    throw new InvalidSignatureError('The notification is about another base');
  }
  client ??= createDynamoClient(process.env);
  const table = required(configuration, 'replicaTable');
  return {
    store: new DynamoReplicaStore({ client, table, baseId }),
    startSync: startSyncFunction(required(configuration, 'syncFunction'), process.env),
  };
}

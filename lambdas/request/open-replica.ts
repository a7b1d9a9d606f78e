import { readConfiguration, required } from '../config';
import { dynamo } from '../container';
import { InvalidSignatureError } from '../errors';
import { DynamoReplicaStore } from '../replica/dynamo-replica-store';
import type { ReplicaStore } from '../replica/replica-store';

/**
 * The replica, for verifying a ping.
 * @throws {InvalidSignatureError} for the ping of another base.
 */
export function openReplica(baseId: string): Pick<ReplicaStore, 'readWebhook'> {
  const configuration = readConfiguration(process.env);
  if (baseId !== configuration.airtableBaseId) {
    throw new InvalidSignatureError('The notification is about another base');
  }
  return new DynamoReplicaStore({ client: dynamo(), table: required(configuration, 'replicaTable'), baseId });
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Configuration, required } from '../config';
import { abortable } from '../http-client/abortable';
import { createDynamoClient } from '../replica/dynamo-client';
import { ReplicaNotReadyError, ReplicaReadiness } from '../replica/replica-readiness';
import { startSyncFunction } from '../sync/start-sync';
import type { StartSync } from '../sync/sync-event';

/** State that a container keeps between requests. */
interface Container {
  readonly client: DynamoDBClient;
  readonly readiness: StartingReadiness;
}

/** Keyed by the location of the tables: one for all requests of a container, and a different one for each test. */
const containers = new Map<string, Container>();

export function containerOf(configuration: Configuration): Container {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  const table = required(configuration, 'replicaTable');
  const place = `${AWS_ENDPOINT_URL_DYNAMODB || AWS_ENDPOINT_URL || ''} ${table}`;
  const container = containers.get(place) ?? {
    client: createDynamoClient(process.env),
    readiness: new StartingReadiness(startSyncFor(configuration)),
  };
  containers.set(place, container);
  return container;
}

/** How this function starts `sync`. @throws {ConfigurationError} on each start, if the stack did not set its name. */
export function startSyncFor(configuration: Configuration): StartSync {
  return async (event) => startSyncFunction(required(configuration, 'syncFunction'), process.env)(event);
}

/** Many requests at once find no replica; one start per minute is enough. */
const START_EVERY_MS = 60_000;
const START_MS = 1_000;

/** Starts the first pass of a base when a request finds that there has been none. */
class StartingReadiness extends ReplicaReadiness {
  #startedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly startSync: StartSync) {
    super();
  }

  override async require(...[baseId, readState]: Parameters<ReplicaReadiness['require']>): Promise<void> {
    try {
      await super.require(baseId, readState);
    } catch (error) {
      if (error instanceof ReplicaNotReadyError) await this.#start();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const now = performance.now();
    if (now - this.#startedAt < START_EVERY_MS) return;
    this.#startedAt = now;
    const accepted = this.startSync({ run: 'schedule' });
    // If that fails or takes too long, the schedule starts one.
    await abortable(AbortSignal.timeout(START_MS), () => accepted).catch(() => {});
  }
}

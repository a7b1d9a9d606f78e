import { startGateway } from '../../emulators/gateway/gateway';
import type { InvocationResult } from '../../emulators/lambda/invocation';
import { type LambdaEmulator, startLambda } from '../../emulators/lambda/lambda-emulator';
import type { Environment } from '../../lambdas/config';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import type { SyncState } from '../../lambdas/replica/replica-store';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import type { Closables } from './closables';
import { freeLease } from './free-lease';
import { LOCAL_CREDENTIALS, setFunctionEnvironment, silenceNodeWarning } from './function-environment';
import { loadFunctions, SYNC_FUNCTION } from './functions';
import type { InboxParts } from './inbox/start-inbox';
import { listenOnPort, nextPort } from './listen-on-port';
import { startTables, TABLE_NAMES } from './replica';
import type { RunningSecret } from './start-secrets-manager';

export interface ServiceOptions {
  readonly port: number;
  readonly secret: RunningSecret;
  /** The folder of the tables; null: in memory. */
  readonly tableDirectory: string | null;
  /** Whether the base's webhook calls this machine; otherwise it is polled. */
  readonly isCalledByAirtable: boolean;
  readonly baseId: string;
  /** The functions' settings, given the service's own URL. */
  readonly settings: (url: string) => Environment;
  /** The workers' inbox; null: the port has callbacks and Airtable's ping only. */
  readonly inbox: InboxParts | null;
}

/** The deployed service on this machine: its functions, tables and API. */
export interface RunningService {
  /** The gateway's URL. */
  readonly url: string;
  readonly dynamoDbUrl: string;
  readonly lambda: LambdaEmulator;
  /** Runs `sync` once, as EventBridge Scheduler does. */
  sync(event: SyncEvent): Promise<InvocationResult>;
  /** Reads sync's state. */
  readState(): Promise<SyncState>;
}

/** Starts everything that the stack deploys, before the first pass of the base. */
export async function startService(options: ServiceOptions, running: Closables): Promise<RunningService> {
  const { port, secret, tableDirectory, isCalledByAirtable, baseId, settings, inbox } = options;
  silenceNodeWarning();
  const tables = running.add(await startTables(port, tableDirectory));
  const replica = openReplica(tables.url, baseId, running);
  await freeLease(replica);
  const { routes, sync } = await loadFunctions();
  const lambda = running.add(
    await listenOnPort('the Lambda emulator', nextPort(port, 5), (itsPort) =>
      startLambda({ functions: [sync], port: itsPort }),
    ),
  );
  const gateway = running.add(
    await listenOnPort('the gateway', port, () => startGateway({ routes, port, ...inbox?.gateway })),
  );
  const url = gateway.url.replace('127.0.0.1', 'localhost');
  setFunctionEnvironment(
    {
      ...settings(url),
      REPLICA_TABLE_NAME: TABLE_NAMES.replica,
      OPT_OUT_TABLE_NAME: TABLE_NAMES.optOuts,
      SYNC_FUNCTION_NAME: SYNC_FUNCTION,
      ...inbox?.variables,
      AIRTABLE_WEBHOOK_URL: isCalledByAirtable ? `${gateway.url}${AIRTABLE_WEBHOOK_PATH}` : undefined,
    },
    { secret, dynamoDbUrl: tables.url, lambdaUrl: lambda.url },
  );
  return {
    url,
    dynamoDbUrl: tables.url,
    lambda,
    sync: (event) => lambda.invoke(SYNC_FUNCTION, event),
    readState: () => replica.readState(),
  };
}

function openReplica(dynamoDbUrl: string, baseId: string, running: Closables): DynamoReplicaStore {
  const client = createDynamoClient({ ...LOCAL_CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl });
  running.add({ close: async () => client.destroy() });
  return new DynamoReplicaStore({ client, table: TABLE_NAMES.replica, baseId });
}

import { startGateway } from '../../emulators/gateway/gateway';
import type { InvocationResult } from '../../emulators/lambda/invocation';
import { startLambda } from '../../emulators/lambda/lambda-emulator';
import type { Environment } from '../../lambdas/config';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import type { SyncState } from '../../lambdas/replica/replica-store';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import { CALLBACK_NAMES, callbackPath } from '../../lambdas/twilio/callbacks';
import { LOCAL_CREDENTIALS, type RunningSecret, setFunctionEnvironment } from './function-environment';
import { loadFunctions, SYNC_FUNCTION } from './functions';
import { type InboxOptions, type RunningInbox, startInbox } from './inbox/start-inbox';
import { listenOnPort, nextPort } from './listen-on-port';
import { freeLease, startTables, TABLE_NAMES } from './local-tables';
import type { Closables, StartContext } from './start-context';
import type { StartState } from './start-state';

export interface ServiceOptions {
  readonly secret: RunningSecret;
  /** The folder of the tables; null: in memory. */
  readonly tableDirectory: string | null;
  /** Whether the base's webhook calls this machine; otherwise it is polled. */
  readonly isCalledByAirtable: boolean;
  readonly baseId: string;
  /** The functions' settings, given the service's own URL. */
  readonly settings: (url: string) => Environment;
  /** The workers' inbox; null: the port has callbacks and Airtable's ping only. */
  readonly inbox: InboxOptions | null;
}

/** The deployed service on this machine: its functions, tables and API. */
export interface RunningService {
  readonly inbox: RunningInbox | null;
  /** The gateway's URL. */
  readonly url: string;
  /** Also those of the AWS emulators. */
  readonly urls: Pick<StartState['urls'], 'service' | 'secretsManager' | 'dynamoDb' | 'lambda'>;
  /** Runs `sync` once, as EventBridge Scheduler does. */
  sync(event: SyncEvent): Promise<InvocationResult>;
  /** Reads sync's state. */
  readState(): Promise<SyncState>;
}

/** Starts everything that the stack deploys, before the first pass of the base. */
export async function startService(
  options: ServiceOptions,
  { port, log, running }: StartContext,
): Promise<RunningService> {
  const { secret, tableDirectory, isCalledByAirtable, baseId, settings } = options;
  const tables = running.add(await startTables(port, tableDirectory));
  const replica = openReplica(tables.url, baseId, running);
  await freeLease(replica);
  const {
    routes,
    sync,
    inbox: inboxFunctions,
    watch,
  } = running.add(await loadFunctions((message) => log.screen.line(message)));
  const lambda = running.add(
    await listenOnPort('the Lambda emulator', nextPort(port, 5), (itsPort) =>
      startLambda({ functions: [sync], port: itsPort }),
    ),
  );
  const inbox = options.inbox && (await startInbox(running, inboxFunctions, options.inbox));
  const gateway = running.add(
    await listenOnPort('the gateway', port, () => startGateway({ routes, port, about, ...inbox?.gateway })),
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
  await watch();
  return {
    inbox,
    url,
    urls: { service: url, secretsManager: secret.url, dynamoDb: tables.url, lambda: lambda.url },
    sync: (event) => lambda.invoke(SYNC_FUNCTION, event),
    readState: () => replica.readState(),
  };
}

/** The response to a browser, because callbacks take only signed POST requests. */
function about(path: string): string | null {
  if (path === '/')
    return 'This is the Frontline integration service; npx frontline start --urls lists its addresses.';
  const name = CALLBACK_NAMES.find((each) => callbackPath(each) === path);
  return name === undefined
    ? null
    : `This is the ${name} callback: Twilio sends it signed POST requests, and so does npx frontline callback.`;
}

function openReplica(dynamoDbUrl: string, baseId: string, running: Closables): DynamoReplicaStore {
  const client = createDynamoClient({ ...LOCAL_CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl });
  running.add({ close: async () => client.destroy() });
  return new DynamoReplicaStore({ client, table: TABLE_NAMES.replica, baseId });
}

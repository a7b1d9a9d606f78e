import type { Pages, ProxyRoute } from '../../../emulators/gateway/gateway';
import { type SqsEmulator, startSqs } from '../../../emulators/sqs/sqs-emulator';
import { MESSAGING_SERVICE } from '../../../emulators/twilio/sids';
import { startWebSocketApi, type WebSocketApi } from '../../../emulators/websocket-api/websocket-api';
import type { Environment } from '../../../lambdas/config';
import { API_BASE } from '../../../lambdas/inbox/api';
import { INBOX_STACK_VARIABLES } from '../../../lambdas/inbox/inbox-configuration';
import { SWEEP_MINUTES } from '../../../lambdas/inbox/routing/sweep-interval';
import { type NewWorker, WorkerStore } from '../../../lambdas/inbox/store/worker-store';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { buildApp } from '../../inbox/site/build-app';
import { startSchedule } from '../first-sync';
import { LOCAL_CREDENTIALS } from '../function-environment';
import type { InboxFunctions } from '../functions';
import { TABLE_NAMES } from '../local-tables';
import type { Closables } from '../start-context';
import { appFiles } from './app-files';
import { LocalSignIn } from './sign-in';

/** What the inbox adds to the service. */
interface InboxParts {
  readonly gateway: { readonly proxies: readonly ProxyRoute[]; readonly pages: Pages };
  /** The functions' variables. */
  readonly variables: Environment;
}

export interface RunningInbox extends InboxParts {
  readonly queue: SqsEmulator;
  readonly live: WebSocketApi;
  /** Adds the team, once the tables exist. */
  saveWorkers(dynamoDbUrl: string, workers: readonly NewWorker[]): Promise<void>;
}

export interface InboxOptions {
  /** The app's sources. */
  readonly appDirectory: string;
  /** The address of the media service. */
  readonly mediaUrl: string;
  /** Further pages of the demo. @default none */
  readonly pages?: readonly Pages[];
}

/**
 * Starts the parts that the inbox needs besides the service: its queue, its live socket, the sign-in of the demo and
 * the built app.
 */
export async function startInbox(
  running: Closables,
  functions: InboxFunctions,
  options: InboxOptions,
): Promise<RunningInbox> {
  const app = await buildApp(options.appDirectory);
  const queue = running.add(await startSqs({ consumer: functions.events }));
  const sockets = running.add(await startWebSocketApi({ handler: functions.live }));
  running.add(
    startSchedule(SWEEP_MINUTES * 60_000, async () => queue.put(JSON.stringify({ kind: 'sweep' }))),
  );
  let workers: WorkerStore | null = null;
  const signIn = new LocalSignIn(async () => (await workers?.list()) ?? []);
  const origins = () => ({ media: new URL(options.mediaUrl).origin, live: sockets.liveUrl });
  const allPages = [signIn.pages, ...(options.pages ?? []), appFiles(app, origins)];
  return {
    queue,
    live: sockets,
    gateway: {
      proxies: [
        {
          prefix: `${API_BASE}/`,
          called: functions.api,
          authorize: signIn.authorize,
        },
      ],
      pages: async (request, body) => {
        for (const pages of allPages) {
          const response = await pages(request, body);
          if (response !== null) return response;
        }
        return null;
      },
    },
    variables: {
      [INBOX_STACK_VARIABLES.table]: TABLE_NAMES.inbox,
      [INBOX_STACK_VARIABLES.queueUrl]: queue.queueUrl,
      [INBOX_STACK_VARIABLES.connectionsUrl]: sockets.url,
      [INBOX_STACK_VARIABLES.liveUrl]: sockets.liveUrl,
      ROUTING: 'service',
      TWILIO_MEDIA_URL: options.mediaUrl,
      TWILIO_MESSAGING_SERVICE_SID: MESSAGING_SERVICE,
    },
    saveWorkers: async (dynamoDbUrl, team) => {
      const client = createDynamoClient({ ...LOCAL_CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl });
      running.add({ close: async () => client.destroy() });
      workers = new WorkerStore({ client, table: TABLE_NAMES.inbox });
      for (const worker of team) await workers.save(worker);
    },
  };
}

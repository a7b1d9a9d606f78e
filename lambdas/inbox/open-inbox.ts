import { dynamo } from '../container';
import type { CustomerRepository } from '../customers/customer-repository';
import type { Deadline } from '../http-client/deadline';
import type { OptOutStore } from '../opt-out/opt-out-store';
import { openCustomerRepository, openOptOuts } from '../request/open-customer-repository';
import type { RequestContext } from '../request/request-context';
import { type ChatApi, openChatApi } from '../twilio/chat-api';
import { type InboxConfiguration, readInboxConfiguration } from './inbox-configuration';
import { LivePush } from './live/live-push';
import { type ManagementApi, managementApiAt } from './live/management-api';
import { enqueueTo } from './queue/enqueue';
import type { Enqueue } from './queue/queue-event';
import { AssignmentClaims } from './store/assignment-claims';
import { ChatStore } from './store/chat-store';
import { ConnectionStore } from './store/connection-store';
import { DeliveryStore } from './store/delivery-store';
import { RequestCounter } from './store/request-counter';
import { SendStore } from './store/send-store';
import { WorkerStore } from './store/worker-store';
import { Team } from './workers/team';

/** A request does not wait longer for being counted. */
const COUNT_MS = 500;

/** Everything that a request, or an event, of the inbox works with. */
export interface Inbox {
  readonly request: RequestContext;
  readonly settings: InboxConfiguration;
  readonly chats: ChatStore;
  readonly assignments: AssignmentClaims;
  readonly deliveries: DeliveryStore;
  readonly sends: SendStore;
  readonly workers: WorkerStore;
  readonly connections: ConnectionStore;
  readonly push: LivePush;
  /** Opened when a request is counted, which has a short time of its own. */
  requestCounter(): RequestCounter;
  readonly enqueue: Enqueue;
  readonly customers: CustomerRepository;
  readonly optOuts: OptOutStore;
  /**
   * Twilio Conversations, in the chat's conversation service if it is known.
   * @param deadline @default the request's
   */
  chatApi(serviceSid: string | null, deadline?: Deadline): ChatApi;
  /** The team, read once per request. */
  team(): Promise<Team>;
  now(): Date;
}

/** Opens the inbox for one request. */
export function openInbox(request: RequestContext): Inbox {
  const { deadline, requestLog } = request;
  const settings = readInboxConfiguration(process.env);
  const access = {
    client: dynamo(),
    table: settings.table,
    signal: deadline.signal,
  };
  const workers = new WorkerStore(access);
  const connections = new ConnectionStore(access);
  const now = () => new Date();
  let team: Promise<Team> | undefined;
  return {
    request,
    settings,
    chats: new ChatStore(access, now),
    assignments: new AssignmentClaims(access),
    deliveries: new DeliveryStore(access),
    sends: new SendStore(access),
    workers,
    connections,
    requestCounter: () => new RequestCounter({ ...access, signal: deadline.within(COUNT_MS).signal }),
    push: new LivePush(connections, managementApiAt(settings.connectionsUrl), requestLog),
    enqueue: enqueueTo(settings.queueUrl, process.env),
    customers: openCustomerRepository(request),
    optOuts: openOptOuts(request),
    chatApi: (serviceSid, within = deadline) =>
      openChatApi({ ...request, deadline: within }, settings.mediaUrl, serviceSid),
    team: () => {
      team ??= workers.list().then((all) => new Team(all, settings.routing));
      return team;
    },
    now,
  };
}

/** What the live socket works with, which needs no credentials. */
export interface LiveConnections extends Pick<Inbox, 'connections' | 'workers' | 'now'> {
  readonly post: ManagementApi['post'];
}

export function openConnections(signal: AbortSignal): LiveConnections {
  const settings = readInboxConfiguration(process.env);
  const access = { client: dynamo(), table: settings.table, signal };
  return {
    connections: new ConnectionStore(access),
    workers: new WorkerStore(access),
    post: managementApiAt(settings.connectionsUrl).post,
    now: () => new Date(),
  };
}

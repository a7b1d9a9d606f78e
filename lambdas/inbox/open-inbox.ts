import { dynamo } from '../container';
import type { Customer } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import { errorMessage, ServiceUnavailableError } from '../errors';
import type { Deadline } from '../http-client/deadline';
import type { OptOutStore } from '../opt-out/opt-out-store';
import type { Address } from '../phone-number/address';
import { openCustomerRepository, openOptOuts } from '../request/open-customer-repository';
import type { RequestContext } from '../request/request-context';
import { type ChatApi, openChatApi } from '../twilio/chat-api';
import { type InboxConfiguration, readInboxConfiguration } from './inbox-configuration';
import { LivePush } from './live/live-push';
import { managementApiAt } from './live/management-api';
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

/** The stores that need no credentials, for the live socket. */
export function openConnections(signal: AbortSignal) {
  const settings = readInboxConfiguration(process.env);
  const access = { client: dynamo(), table: settings.table, signal };
  return {
    connections: new ConnectionStore(access),
    workers: new WorkerStore(access),
    post: managementApiAt(settings.connectionsUrl).post,
  };
}

/**
 * The customers at some addresses. Where the replica cannot be read, none: chats are then shown by their numbers.
 * @returns a function that finds the customer at one of the addresses
 */
export async function customersAt(
  addresses: readonly Address[],
  { customers, request }: Inbox,
): Promise<(address: Address) => Customer | null> {
  try {
    return await knownCustomersAt(addresses, { customers });
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError)) throw error;
    request.requestLog.warn(`Chats are shown by their numbers: ${errorMessage(error)}`);
    return () => null;
  }
}

/** The same, for a decision. @throws {ServiceUnavailableError} where the replica cannot be read */
export async function knownCustomersAt(
  addresses: readonly Address[],
  { customers }: Pick<Inbox, 'customers'>,
): Promise<(address: Address) => Customer | null> {
  if (addresses.length === 0) return () => null;
  const found = await customers.findByAddress(addresses);
  return ({ key }) => found.find(({ addressKeys }) => addressKeys.includes(key)) ?? null;
}

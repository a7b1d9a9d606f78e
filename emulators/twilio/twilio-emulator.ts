import fastify, { type FastifyInstance } from 'fastify';
import { type AccountConfiguration, ConfigurationStore } from './account-configuration';
import { accountRoutes } from './account-routes';
import { Actions } from './actions';
import { addressRoutes } from './address-routes';
import { type SentMessage, sendAsAppUser, type WorkerMessage } from './app-user';
import { ConfigurationRepresentation } from './configuration-representation';
import { configurationRoutes } from './configuration-routes';
import { type ContentTemplate, contentRoutes } from './content-routes';
import type { Conversation, ConversationDraft, Message, Participant, ParticipantDraft } from './conversation';
import { conversationRoutes } from './conversation-routes';
import { ConversationStore } from './conversation-store';
import { Events } from './events';
import { parseForm } from './form';
import { type FrontlineUser, type FrontlineUserFields, FrontlineUsers } from './frontline-users';
import { Inbound, type InboundMessage, type ReceivedMessage } from './inbound';
import { messageRoutes } from './message-routes';
import { participantRoutes } from './participant-routes';
import { Representation } from './representation';
import { guardRequests, pathOf, type SeenRequest } from './request-guard';
import { SidSource, sidFor } from './sids';
import { simulationRoutes } from './simulation-routes';
import { notFound } from './twilio-errors';
import { FaultPlan, type Faults } from './twilio-faults';
import { userRoutes } from './user-routes';
import { type SentWebhook, WebhookSender } from './webhook-sender';

/** Callback URLs: those of Frontline's conversation service, and the routing callback's, which no API exposes. */
interface Webhooks {
  readonly preUrl?: string;
  readonly postUrl?: string;
  readonly routingUrl?: string;
  readonly filters: readonly string[];
  /** Response timeout of an event, in milliseconds. @default 5000 */
  readonly eventTimeoutMs?: number;
  /** Response timeout of the routing callback, in milliseconds. @default 10000 */
  readonly routingTimeoutMs?: number;
}

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** A second token that REST also accepts, while the first still signs callbacks. */
  readonly secondaryAuthToken?: string;
  /** @default always the same IS… */
  readonly conversationServiceSid?: string;
  /** @default 0, a free port */
  readonly port?: number;
  /** Absent: no callback is sent until `configureWebhooks` or REST sets a URL. */
  readonly webhooks?: Webhooks;
  /** The account's senders, such as `+15017122661` and `whatsapp:+15017122661`. */
  readonly ourNumbers?: readonly string[];
  /**
   * Whether a first message to one of our numbers always creates a conversation, or only where an address
   * configuration enables autocreation, as with Twilio. @default 'always'
   */
  readonly autocreation?: 'always' | 'as-configured';
  /**
   * Differences from an account that has just got Frontline. That account holds our SMS numbers and the
   * default service "Frontline Service", without webhooks or address configurations.
   */
  readonly configuration?: Partial<AccountConfiguration>;
  /** The users who have logged in to Frontline. */
  readonly users?: readonly (FrontlineUserFields & { readonly identity: string })[];
  /** Message templates of the Content API. */
  readonly contents?: readonly ContentTemplate[];
  readonly now?: () => Date;
}

interface ConversationArrangement extends ConversationDraft {
  readonly participants?: readonly ParticipantDraft[];
}

export interface TwilioEmulator {
  /** Replaces the hosts conversations, frontline-api, api and content of twilio.com. */
  readonly url: string;
  readonly conversationServiceSid: string;
  /** Every received REST request, oldest first. */
  readonly requests: readonly SeenRequest[];
  readonly faults: Faults;
  /** Every callback that got a response or failed, oldest first. */
  readonly webhookLog: readonly SentWebhook[];
  /** The account's current configuration. */
  readonly configuration: AccountConfiguration;
  /** Configures parts of the account as its owner would in the console, or as Twilio itself would. */
  configure(changes: Partial<AccountConfiguration>): void;
  configureWebhooks(webhooks: Webhooks): void;
  setUser(identity: string, fields: FrontlineUserFields): FrontlineUser;
  user(sidOrIdentity: string): FrontlineUser | undefined;
  conversations(): readonly Conversation[];
  conversation(sidOrUniqueName: string): Conversation | undefined;
  participants(conversationSid: string): readonly Participant[];
  messages(conversationSid: string): readonly Message[];
  /** Creates a conversation as REST would, without callbacks, to set up a test. */
  createConversation(arrangement?: ConversationArrangement): Conversation;
  /** A customer writes to us; resolves when every callback has a response or has failed. */
  receiveMessage(message: InboundMessage): Promise<ReceivedMessage>;
  /** A worker writes in the app; resolves when every callback has a response or has failed. */
  sendAsWorker(message: WorkerMessage): Promise<SentMessage>;
  close(): Promise<void>;
}

/**
 * Starts an emulator of Twilio with one account and one conversation service, in memory, on 127.0.0.1.
 * Left out: Group MMS, media, roles, timers, the participant limits.
 */
export async function startTwilio(options: TwilioOptions): Promise<TwilioEmulator> {
  const { accountSid, authToken, ourNumbers = [] } = options;
  const conversationServiceSid = options.conversationServiceSid ?? sidFor('IS', 'frontline');
  const sids = new SidSource();
  const store = new ConversationStore(sids, options.now ?? (() => new Date()), ourNumbers);
  const configuration = new ConfigurationStore(conversationServiceSid, ourNumbers, options.configuration);
  const sender = new WebhookSender(authToken);
  const events = new Events(sender, accountSid, conversationServiceSid, () =>
    configuration.webhooksFor(conversationServiceSid),
  );
  const configureWebhooks = ({ preUrl, postUrl, filters, ...delivery }: Webhooks) => {
    const webhooks = { preUrl: preUrl ?? null, postUrl: postUrl ?? null, filters, method: 'POST' } as const;
    configuration.setServiceWebhooks(conversationServiceSid, webhooks);
    events.deliver(delivery);
  };
  if (options.webhooks !== undefined) configureWebhooks(options.webhooks);
  const actions = new Actions(store, events);
  const inbound = new Inbound(
    actions,
    ourNumbers,
    (number) =>
      options.autocreation !== 'as-configured' || configuration.autocreates(number, conversationServiceSid),
  );
  const users = new FrontlineUsers();
  for (const { identity, ...fields } of options.users ?? []) users.set(identity, fields);
  const show = new Representation(accountSid, conversationServiceSid);
  const showConfiguration = new ConfigurationRepresentation(accountSid, authToken);
  const requests: SeenRequest[] = [];
  const faults = new FaultPlan();

  // An identity of 256 characters is up to nine times as long when it is percent-encoded.
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 2400 } });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => parseForm(body),
  );
  const authTokens = [authToken, options.secondaryAuthToken ?? []].flat();
  const account = { accountSid, authTokens, conversationServiceSid, configuration, requests, faults, sids };
  const conversations = (rest: FastifyInstance) => {
    conversationRoutes(rest, { actions, show });
    participantRoutes(rest, { actions, show });
    messageRoutes(rest, { actions, show });
  };
  const apis: Readonly<Record<string, (rest: FastifyInstance) => void>> = {
    '/v1': (rest) => {
      conversations(rest);
      configurationRoutes(rest, configuration, showConfiguration);
      addressRoutes(rest, { configuration, ourNumbers, sids, show: showConfiguration });
      userRoutes(rest, users, show);
      contentRoutes(rest, { accountSid, contents: options.contents ?? [] });
    },
    '/v1/Services/:service': conversations,
    '/2010-04-01': (rest) => accountRoutes(rest, configuration, showConfiguration),
  };
  for (const [prefix, routes] of Object.entries(apis)) {
    app.register(
      (rest, _options, done) => {
        // Twilio reads forms only.
        rest.removeContentTypeParser(['application/json', 'text/plain']);
        guardRequests(rest, account);
        routes(rest);
        rest.all('/*', async (request) => {
          throw notFound(pathOf(request));
        });
        done();
      },
      { prefix },
    );
  }
  app.register((simulation, _options, done) => {
    simulationRoutes(simulation, { actions, show }, inbound);
    done();
  });
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });

  return {
    url,
    conversationServiceSid,
    requests,
    faults,
    webhookLog: sender.log,
    get configuration() {
      return configuration.current;
    },
    configure: (changes) => {
      configuration.change(changes);
    },
    configureWebhooks,
    setUser: (identity, fields) => users.set(identity, fields),
    user: (sidOrIdentity) => users.find(sidOrIdentity),
    conversations: () => store.list(),
    conversation: (sidOrUniqueName) => store.find(sidOrUniqueName),
    participants: (conversationSid) => store.participants(conversationSid),
    messages: (conversationSid) => store.messages(conversationSid),
    createConversation: ({ participants = [], ...draft } = {}) => {
      const conversation = store.addConversation(draft);
      for (const participant of participants) store.addParticipant(conversation.sid, participant);
      return conversation;
    },
    receiveMessage: (message) => inbound.receive(message),
    sendAsWorker: (message) => sendAsAppUser(actions, message),
    close: async () => {
      sender.close();
      await app.close();
    },
  };
}

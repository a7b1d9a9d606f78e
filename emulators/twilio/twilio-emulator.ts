import { type AccountConfiguration, ConfigurationStore } from './account-configuration';
import { Actions } from './actions';
import { Activity } from './activity';
import type { ApiKey } from './authentication';
import { EmulatorClock } from './clock';
import { ConfigurationRepresentation } from './configuration-routes';
import { ContentStore, type ContentTemplate } from './content-store';
import type {
  Conversation,
  ConversationDraft,
  Message,
  MessageDraft,
  Participant,
  ParticipantDraft,
  Receipt,
} from './conversation';
import { ConversationStore } from './conversation-store';
import { ConversationUsers } from './conversation-users';
import { CustomerPhone } from './customer-phone';
import { Delivery, type DeliveryTiming, USUAL_TIMING } from './delivery';
import { Events } from './events';
import {
  type FrontlineUser,
  type FrontlineUserFields,
  FrontlineUsers,
  type SentMessage,
  sendAsAppUser,
  type WorkerMessage,
} from './frontline-users';
import { Inbound, type InboundMessage, type ReceivedMessage } from './inbound';
import { type MediaFile, MediaStore, type NewMedia } from './media-store';
import { MessageStore } from './message-store';
import { type PhoneState, Phones } from './phones';
import { Representation } from './representation';
import { type RestServer, startRestServer } from './rest-server';
import { SidSource, sidFor } from './sids';
import { readTimer } from './timers';
import type { WebhookFaults } from './twilio-faults';
import { type SentWebhook, type SharedKey, WebhookSender } from './webhook-sender';

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
  /** API keys that REST also accepts. */
  readonly apiKeys?: readonly ApiKey[];
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
  /** Whether receipts and timers come by themselves, as at Twilio, or only when `passTime` is called. @default false */
  readonly ticks?: boolean;
  /** When receipts come. */
  readonly timing?: Partial<DeliveryTiming>;
  /** How long a temporary address of a file is valid, in milliseconds. @default 300000 */
  readonly mediaLifetimeMs?: number;
}

interface ConversationArrangement extends ConversationDraft {
  readonly participants?: readonly ParticipantDraft[];
}

export interface TwilioEmulator extends Pick<RestServer, 'requests' | 'faults'> {
  /** Replaces the hosts api, content, conversations, frontline-api, mcs.us1, media.us1 and, below /messaging, messaging of twilio.com. */
  readonly url: string;
  readonly conversationServiceSid: string;
  /** Loses, repeats or delays post events. */
  readonly webhookFaults: WebhookFaults;
  /** Every callback that got a response or failed, oldest first. */
  readonly webhookLog: readonly SentWebhook[];
  /** The account's current configuration. */
  readonly configuration: AccountConfiguration;
  /** Configures parts of the account as its owner would in the console, or as Twilio itself would. */
  configure(changes: Partial<AccountConfiguration>): void;
  configureWebhooks(webhooks: Webhooks): void;
  /** Signs webhooks with a shared key; null for the auth token. A function decides for each event. */
  signWith(key: SharedKey | null | ((event: string) => SharedKey | null)): void;
  /** Lets time pass, in milliseconds: receipts come, timers end, WhatsApp's 24 hours run out. */
  passTime(milliseconds: number): Promise<void>;
  /** Sets the state of a customer's phone. @param address such as `+14155550123` or `whatsapp:+14155550123` */
  setPhone(address: string, state: PhoneState): Promise<void>;
  /** A customer reads their WhatsApp messages. */
  readMessages(address: string): Promise<void>;
  /** What happens between Twilio and the service. */
  readonly activity: Activity;
  /** The customers' phones, as their owners see them. */
  readonly phone: CustomerPhone;
  readonly contents: ContentStore;
  /** The account's senders. */
  readonly ourNumbers: readonly string[];
  media(sid: string): MediaFile | undefined;
  /** Uploads a file. */
  addMedia(file: NewMedia): MediaFile;
  setUser(identity: string, fields: FrontlineUserFields): FrontlineUser;
  user(sidOrIdentity: string): FrontlineUser | undefined;
  conversations(): readonly Conversation[];
  conversation(sidOrUniqueName: string): Conversation | undefined;
  participants(conversationSid: string): readonly Participant[];
  messages(conversationSid: string): readonly Message[];
  receipts(messageSid: string): readonly Receipt[];
  /** Creates a conversation as REST would, without callbacks, to set up a test. */
  createConversation(arrangement?: ConversationArrangement): Conversation;
  /** Adds a message as if it had been sent before: without callbacks and receipts. */
  createMessage(conversationSid: string, draft: MessageDraft): Message;
  /** Leaves a gap before the next message's index. */
  skipIndexes(conversationSid: string, count: number): void;
  /** A customer writes to us; resolves when every callback has a response or has failed. */
  receiveMessage(message: InboundMessage): Promise<ReceivedMessage>;
  /** A worker writes in the app; resolves when every callback has a response or has failed. */
  sendAsWorker(message: WorkerMessage): Promise<SentMessage>;
  close(): Promise<void>;
}

/**
 * Starts an emulator of Twilio with one account and one conversation service, in memory, on 127.0.0.1.
 * Left out: group MMS, roles, webhooks of one conversation, the participant limits.
 */
export async function startTwilio(options: TwilioOptions): Promise<TwilioEmulator> {
  const { accountSid, authToken, ourNumbers = [] } = options;
  const conversationServiceSid = options.conversationServiceSid ?? sidFor('IS', 'frontline');
  const sids = new SidSource();
  const clock = new EmulatorClock(options.now ?? (() => new Date()), options.ticks ?? false);
  const now = () => clock.now();
  const configuration = new ConfigurationStore(conversationServiceSid, ourNumbers, options.configuration);
  const store = new ConversationStore(sids, now, ourNumbers, new ConversationUsers(now), () => ({
    inactive: readTimer('inactive', configuration.current.defaultInactiveTimer ?? ''),
    closed: readTimer('closed', configuration.current.defaultClosedTimer ?? ''),
  }));
  const messages = new MessageStore(store);
  const contents = new ContentStore(options.contents ?? []);
  const media = new MediaStore(sids, clock, options.mediaLifetimeMs ?? 5 * 60_000);
  const phones = new Phones();
  const activity = new Activity(now);
  const sender = new WebhookSender(authToken, ({ event, params, status, body, error }) =>
    activity.add({ to: 'service', name: event, parameters: params, status, response: error ?? body }),
  );
  const events = new Events(sender, accountSid, conversationServiceSid, () =>
    configuration.webhooksFor(conversationServiceSid),
  );
  const configureWebhooks = ({ preUrl, postUrl, filters, ...delivery }: Webhooks) => {
    const webhooks = { preUrl: preUrl ?? null, postUrl: postUrl ?? null, filters, method: 'POST' } as const;
    configuration.setServiceWebhooks(conversationServiceSid, webhooks);
    events.deliver(delivery);
  };
  if (options.webhooks !== undefined) configureWebhooks(options.webhooks);
  const timing = { ...USUAL_TIMING, ...options.timing };
  const delivery = new Delivery({
    ...{ conversations: store, messages, contents, phones, clock, timing },
    onUpdated: async (receipt) => {
      await events.deliveryUpdated(receipt);
      activity.wake();
    },
  });
  const actions = new Actions({ store, messages, events, delivery, media, clock });
  const inbound = new Inbound(
    actions,
    phones,
    media,
    ourNumbers,
    (number) =>
      options.autocreation !== 'as-configured' || configuration.autocreates(number, conversationServiceSid),
  );
  const users = new FrontlineUsers();
  for (const { identity, ...fields } of options.users ?? []) users.set(identity, fields);
  const server = await startRestServer({
    ...{ accountSid, actions, configuration, contents, conversationServiceSid, inbound, media, ourNumbers },
    ...{ activity, sids, users },
    port: options.port,
    authTokens: [authToken, options.secondaryAuthToken ?? []].flat(),
    apiKeys: options.apiKeys ?? [],
    show: new Representation(accountSid, conversationServiceSid),
    showConfiguration: new ConfigurationRepresentation(accountSid, authToken),
  });

  return {
    url: server.url,
    conversationServiceSid,
    faults: server.faults,
    get requests() {
      return server.requests;
    },
    webhookFaults: events.faults,
    webhookLog: sender.log,
    contents,
    get configuration() {
      return configuration.current;
    },
    configure: (changes) => {
      configuration.change(changes);
    },
    configureWebhooks,
    signWith: (key) => {
      sender.keyFor = typeof key === 'function' ? key : () => key;
    },
    activity,
    phone: new CustomerPhone({ store, messages, phones, delivery }),
    media: (sid) => media.find(sid),
    ourNumbers,
    passTime: (milliseconds) => clock.advance(milliseconds),
    setPhone: (address, state) => delivery.setPhone(address, state),
    readMessages: (address) => delivery.read(address),
    addMedia: (file) => media.add(file),
    setUser: (identity, fields) => users.set(identity, fields),
    user: (sidOrIdentity) => users.find(sidOrIdentity),
    conversations: () => store.list(),
    conversation: (sidOrUniqueName) => store.find(sidOrUniqueName),
    participants: (conversationSid) => store.participants(conversationSid),
    messages: (conversationSid) => messages.list(conversationSid),
    receipts: (messageSid) => messages.receipts(messageSid),
    createConversation: ({ participants = [], ...draft } = {}) => {
      const conversation = store.addConversation(draft);
      for (const participant of participants) store.addParticipant(conversation.sid, participant);
      return conversation;
    },
    createMessage: (conversationSid, draft) => {
      const message = messages.add(conversationSid, draft);
      media.attach(message.media, message.sid, conversationSid);
      for (const { messagingBinding: binding } of store.participants(conversationSid)) {
        if (binding?.address === message.author)
          phones.noteInbound(binding, message.body, message.dateCreated);
      }
      return message;
    },
    skipIndexes: (conversationSid, count) => messages.skipIndexes(conversationSid, count),
    receiveMessage: (message) => inbound.receive(message),
    sendAsWorker: (message) => sendAsAppUser(actions, message),
    close: async () => {
      clock.close();
      sender.close();
      await server.close();
    },
  };
}

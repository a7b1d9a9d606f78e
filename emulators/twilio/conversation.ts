export const CONVERSATION_STATES = ['initializing', 'active', 'inactive', 'closed'] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

/** An entry of Twilio's debugger, such as 48010 when the routing callback failed. */
export interface Problem {
  readonly code: number;
  readonly message: string;
}

/** Durations in milliseconds, from the last activity; null for none. */
export interface Timers {
  readonly inactive: number | null;
  readonly closed: number | null;
}

export interface Conversation {
  readonly sid: string;
  readonly messagingServiceSid: string;
  readonly friendlyName: string | null;
  readonly uniqueName: string | null;
  /** A string that holds JSON, here and everywhere (twilio.md#response-formats). */
  readonly attributes: string;
  readonly state: ConversationState;
  readonly timers: Timers;
  readonly lastActivity: Date;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
  readonly problems: readonly Problem[];
}

/** A customer's messaging binding: their address, and our number that they write to. */
export interface MessagingBinding {
  readonly type: 'sms' | 'whatsapp';
  readonly address: string;
  readonly proxyAddress: string;
}

type NotificationLevel = 'default' | 'muted';

/** A worker has an identity and no binding, a customer a binding and no identity (twilio.md#participants). */
export interface Participant {
  readonly sid: string;
  readonly conversationSid: string;
  readonly identity: string | null;
  readonly messagingBinding: MessagingBinding | null;
  readonly attributes: string;
  readonly roleSid: string;
  readonly lastReadMessageIndex: number | null;
  readonly lastReadTimestamp: string | null;
  readonly notificationLevel: NotificationLevel;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

/** A file in the Media Content Service, as a message refers to it. */
export interface MessageMedia {
  readonly sid: string;
  readonly contentType: string;
  readonly filename: string | null;
  /** In bytes. */
  readonly size: number;
}

export interface Message {
  readonly sid: string;
  readonly conversationSid: string;
  readonly participantSid: string | null;
  readonly index: number;
  readonly author: string;
  /** Empty for a message of media or a content template only. */
  readonly body: string;
  readonly media: readonly MessageMedia[];
  readonly contentSid: string | null;
  /** What the customer's phone shows: the body, or the content template with its variables filled in. */
  readonly deliveredText: string;
  readonly attributes: string;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';

/** The delivery of a message to one customer (twilio.md#delivery-failures). */
export interface Receipt {
  readonly sid: string;
  readonly messageSid: string;
  readonly conversationSid: string;
  readonly participantSid: string;
  readonly channelMessageSid: string;
  readonly status: DeliveryStatus;
  /** 0 without an error. */
  readonly errorCode: number;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

export interface ConversationDraft {
  readonly friendlyName?: string | undefined;
  readonly uniqueName?: string | undefined;
  readonly attributes?: string | undefined;
  readonly state?: ConversationState | undefined;
  readonly messagingServiceSid?: string | undefined;
  readonly timers?: Partial<Timers> | undefined;
  /** @default now */
  readonly dateCreated?: Date | undefined;
}

export interface ParticipantDraft {
  readonly identity?: string | undefined;
  readonly address?: string | undefined;
  readonly proxyAddress?: string | undefined;
  readonly attributes?: string | undefined;
  readonly roleSid?: string | undefined;
}

export interface ParticipantChanges {
  readonly identity?: string | undefined;
  readonly attributes?: string | undefined;
  readonly roleSid?: string | undefined;
  /** Null marks everything as unread. */
  readonly lastReadMessageIndex?: number | null | undefined;
  readonly lastReadTimestamp?: string | undefined;
  readonly notificationLevel?: NotificationLevel | undefined;
}

export interface MessageDraft {
  readonly author: string;
  readonly body: string;
  readonly attributes?: string | undefined;
  readonly participantSid?: string | undefined;
  readonly media?: readonly MessageMedia[] | undefined;
  readonly contentSid?: string | undefined;
  readonly deliveredText?: string | undefined;
  readonly dateCreated?: Date | undefined;
  readonly dateUpdated?: Date | undefined;
}

export type MessageChanges = {
  readonly [Field in 'author' | 'body' | 'attributes' | 'dateCreated' | 'dateUpdated']?:
    | MessageDraft[Field]
    | undefined;
};

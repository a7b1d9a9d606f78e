export const CONVERSATION_STATES = ['initializing', 'active', 'inactive', 'closed'] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

/** An entry of Twilio's debugger, such as 48010 when the routing callback failed. */
export interface Problem {
  readonly code: number;
  readonly message: string;
}

export interface Conversation {
  readonly sid: string;
  readonly friendlyName: string | null;
  readonly uniqueName: string | null;
  /** A string that holds JSON, here and everywhere (twilio.md#response-formats). */
  readonly attributes: string;
  readonly state: ConversationState;
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

/** A worker has an identity and no binding, a customer a binding and no identity (twilio.md#participants). */
export interface Participant {
  readonly sid: string;
  readonly conversationSid: string;
  readonly identity: string | null;
  readonly messagingBinding: MessagingBinding | null;
  readonly attributes: string;
  readonly roleSid: string;
  readonly lastReadMessageIndex: number | null;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

export interface Message {
  readonly sid: string;
  readonly conversationSid: string;
  readonly participantSid: string | null;
  readonly index: number;
  readonly author: string;
  readonly body: string;
  readonly attributes: string;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

export interface ConversationDraft {
  readonly friendlyName?: string | undefined;
  readonly uniqueName?: string | undefined;
  readonly attributes?: string | undefined;
  readonly state?: ConversationState | undefined;
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
  readonly lastReadMessageIndex?: number | undefined;
}

export interface MessageDraft {
  readonly author: string;
  readonly body: string;
  readonly attributes?: string | undefined;
  readonly participantSid?: string | undefined;
}

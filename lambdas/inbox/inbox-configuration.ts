import * as v from 'valibot';
import {
  type Environment,
  FunctionSettings,
  InboxSettings,
  parseSettings,
  type Routing,
} from '../config-schema';
import { MEDIA_URL } from '../twilio/media';

/** The inbox's own settings, besides the service's. */
export interface InboxConfiguration {
  readonly table: string;
  /** Where `twilio-conversations` puts events. */
  readonly queueUrl: string;
  /** The WebSocket API's management address, through which connections are written to. */
  readonly connectionsUrl: string;
  /** The WebSocket address for browsers: `wss://…`. */
  readonly liveUrl: string;
  readonly routing: Routing;
  /** The messaging service of new chats; null: the account's default (twilio.md#conversations-by-rest). */
  readonly messagingServiceSid: string | null;
  /** Twilio's media and content APIs have hosts of their own. */
  readonly mediaUrl: string;
  /** Null: Twilio's own. */
  readonly contentUrl: string | null;
}

const setByStack = <T extends string>(schema: v.GenericSchema<string | undefined, T | null>) =>
  v.pipe(
    schema,
    v.check((value) => value !== null, 'is missing: deploy the stack again'),
    v.transform((value) => value ?? ''),
  );

const Settings = v.object({
  ...InboxSettings.entries,
  INBOX_TABLE_NAME: setByStack(InboxSettings.entries.INBOX_TABLE_NAME),
  INBOX_QUEUE_URL: setByStack(InboxSettings.entries.INBOX_QUEUE_URL),
  INBOX_CONNECTIONS_URL: setByStack(InboxSettings.entries.INBOX_CONNECTIONS_URL),
  INBOX_LIVE_URL: setByStack(InboxSettings.entries.INBOX_LIVE_URL),
  // The one setting of the service that changes an address of the inbox's own.
  TWILIO_API_URL: FunctionSettings.entries.TWILIO_API_URL,
});

/** Every variable that only the inbox's functions read. */
export const INBOX_VARIABLES: readonly string[] = Object.keys(InboxSettings.entries);

/** The variables that the stacks set on the inbox's functions. */
export const INBOX_STACK_VARIABLES = {
  table: 'INBOX_TABLE_NAME',
  queueUrl: 'INBOX_QUEUE_URL',
  connectionsUrl: 'INBOX_CONNECTIONS_URL',
  liveUrl: 'INBOX_LIVE_URL',
} as const satisfies Readonly<Record<string, keyof typeof InboxSettings.entries>>;

/** The same as `InboxConfiguration.mediaUrl`, for a command, which does without the other settings. */
export function mediaUrlOf(environment: Environment): string {
  const parsed = v.safeParse(Settings.entries.TWILIO_MEDIA_URL, environment['TWILIO_MEDIA_URL']);
  return (parsed.success ? parsed.output : null) ?? MEDIA_URL;
}

/** The queue's address; null without an inbox. Read by functions that do without the other settings. */
export function inboxQueueUrl(environment: Environment): string | null {
  return environment[INBOX_STACK_VARIABLES.queueUrl]?.trim() || null;
}

/** The table's name, likewise. @throws {ConfigurationError} */
export function readInboxTable(environment: Environment): string {
  return parseSettings(v.pick(Settings, ['INBOX_TABLE_NAME']), environment).INBOX_TABLE_NAME;
}

/** @throws {ConfigurationError} naming every variable that is missing or malformed. */
export function readInboxConfiguration(environment: Environment): InboxConfiguration {
  const settings = parseSettings(Settings, environment);
  return {
    table: settings.INBOX_TABLE_NAME,
    queueUrl: settings.INBOX_QUEUE_URL,
    connectionsUrl: settings.INBOX_CONNECTIONS_URL,
    liveUrl: settings.INBOX_LIVE_URL,
    routing: settings.ROUTING,
    messagingServiceSid: settings.TWILIO_MESSAGING_SERVICE_SID,
    mediaUrl: settings.TWILIO_MEDIA_URL ?? MEDIA_URL,
    contentUrl: settings.TWILIO_API_URL,
  };
}

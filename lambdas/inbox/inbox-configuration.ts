import * as v from 'valibot';
import type { Environment } from '../config';
import { ConfigurationError } from '../errors';

/** The inbox's own settings, besides the service's. */
export interface InboxConfiguration {
  readonly table: string;
  /** Where `twilio-conversations` puts events. */
  readonly queueUrl: string;
  /** The WebSocket API's management address, through which connections are written to. */
  readonly connectionsUrl: string;
  /** The WebSocket address for browsers: `wss://…`. */
  readonly liveUrl: string;
  /** Who gives a new chat a worker: Frontline, by its routing callback, or this service, by events. */
  readonly routing: 'frontline' | 'service';
  /** The messaging service of new chats; null: the account's default (twilio.md#conversations-by-rest). */
  readonly messagingServiceSid: string | null;
  /** Twilio's media and content APIs, which have hosts of their own. */
  readonly mediaUrl: string;
  readonly contentUrl: string;
}

const optional = v.pipe(v.optional(v.string(), ''), v.trim());
const needed = v.pipe(optional, v.nonEmpty('is missing: deploy the stack again'));
const url = v.pipe(
  optional,
  v.check((text) => text === '' || URL.canParse(text), 'is malformed: it must be a URL'),
  v.transform((text) => text.replace(/\/+$/, '') || null),
);

const Settings = v.object({
  INBOX_TABLE_NAME: needed,
  INBOX_QUEUE_URL: needed,
  INBOX_CONNECTIONS_URL: needed,
  INBOX_LIVE_URL: needed,
  ROUTING: v.pipe(
    optional,
    v.transform((text) => text.toLowerCase() || 'frontline'),
    v.picklist(['frontline', 'service'], 'is malformed: it must be frontline or service'),
  ),
  TWILIO_MESSAGING_SERVICE_SID: v.pipe(
    optional,
    v.regex(/^(MG[0-9a-fA-F]{32})?$/, 'is malformed: it is "MG" and 32 hexadecimal digits'),
  ),
  TWILIO_API_URL: url,
  TWILIO_MEDIA_URL: url,
});

/** Every variable that only the inbox's functions read. */
export const INBOX_VARIABLES = [
  'INBOX_TABLE_NAME',
  'INBOX_QUEUE_URL',
  'INBOX_CONNECTIONS_URL',
  'INBOX_LIVE_URL',
  'ROUTING',
  'TWILIO_MESSAGING_SERVICE_SID',
  'TWILIO_MEDIA_URL',
] as const;

/** Twilio's Media Content Service (twilio.md#media). */
const MEDIA_URL = 'https://mcs.us1.twilio.com';

/** The same as `InboxConfiguration.mediaUrl`, for a command, which does without the other settings. */
export function mediaUrlOf(environment: Environment): string {
  const parsed = v.safeParse(Settings.entries.TWILIO_MEDIA_URL, environment['TWILIO_MEDIA_URL']);
  return (parsed.success ? parsed.output : null) ?? MEDIA_URL;
}

/** The queue's address; null without an inbox. Read by functions that do without the other settings. */
export function inboxQueueUrl(environment: Environment): string | null {
  return environment['INBOX_QUEUE_URL']?.trim() || null;
}

/** @throws {ConfigurationError} naming every variable that is missing or malformed. */
export function readInboxConfiguration(environment: Environment): InboxConfiguration {
  const parsed = v.safeParse(Settings, environment, { abortPipeEarly: true });
  if (!parsed.success) {
    throw new ConfigurationError(parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  }
  const settings = parsed.output;
  return {
    table: settings.INBOX_TABLE_NAME,
    queueUrl: settings.INBOX_QUEUE_URL,
    connectionsUrl: settings.INBOX_CONNECTIONS_URL,
    liveUrl: settings.INBOX_LIVE_URL,
    routing: settings.ROUTING,
    messagingServiceSid: settings.TWILIO_MESSAGING_SERVICE_SID || null,
    mediaUrl: settings.TWILIO_MEDIA_URL ?? MEDIA_URL,
    contentUrl: settings.TWILIO_API_URL ?? 'https://content.twilio.com',
  };
}

import { isSupportedCountry } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { parseUrl } from './characters/parse-url';
import { ConfigurationError } from './errors';
import { isKeyword, isStandardOptOutWord } from './opt-out/keyword';
import type { E164Number } from './phone-number/address';
import { sidPattern } from './twilio/sids';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The text of a variable; null if it is blank. */
const given = v.pipe(
  v.optional(v.string(), ''),
  v.trim(),
  v.transform((text): string | null => text || null),
);

/** A setting with a fallback, which is its value if the variable is blank. */
export const optionalSetting = <T, const F>(schema: v.GenericSchema<string, T>, fallback: F) =>
  v.pipe(
    given,
    v.nullable(schema),
    v.transform((value): T | F => value ?? fallback),
  );

/** A setting without a fallback. @param what the value and where to find it, for the message if it is missing. */
export const requiredSetting = <T>(schema: v.GenericSchema<string, T>, what: string) =>
  v.pipe(v.optional(v.string(), ''), v.trim(), v.nonEmpty(`is missing: ${what}`), schema);

export const pattern = (form: RegExp, expected: string) =>
  v.pipe(v.string(), v.regex(form, `is malformed: it must be ${expected}`));

export const url = v.pipe(
  v.string(),
  v.check(isWebAddress, 'is malformed: it must be an http(s) URL without ? or #'),
  v.transform((text) => text.replace(/\/+$/, '')),
);

/** A list of texts, separated by commas. */
const list = v.pipe(
  v.string(),
  v.transform((text): readonly string[] => text.split(',').flatMap((item) => item.trim() || [])),
);

/** Words that are compared with a whole message, see `opt-out/keyword.ts`. */
const keywords = v.pipe(
  list,
  v.check(
    (words) => words.every(isKeyword),
    'is malformed: each word must contain a letter or digit, and be at most 100 characters long',
  ),
);

const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN)),
    v.check(
      (number) => number >= least && number <= most,
      `is malformed: it must be a whole number from ${least} to ${most}`,
    ),
  );

/** One of the team's numbers, with or without the prefix `whatsapp:`; spaces, dots, dashes and brackets are ignored. */
const OUR_NUMBER = /^(?:whatsapp:)?(\+[1-9]\d{5,14})$/i;

const ourNumber = v.rawTransform<string, E164Number>(({ dataset, addIssue, NEVER }) => {
  const [, number] = OUR_NUMBER.exec(dataset.value.replace(/[\s().-]/g, '')) ?? [];
  if (number !== undefined) return number;
  addIssue({ message: 'is malformed: it must be a phone number in E.164, such as +14135551234' });
  return NEVER;
});

/** The base's ID in a URL copied from the browser; any other text unchanged. */
export function baseIdIn(text: string): string {
  return /^https:\/\/(?:www\.)?airtable\.com\/(app[A-Za-z0-9]+)(?=[/?#]|$)/.exec(text)?.[1] ?? text;
}

/** The settings of `.env` that every deployed function gets unchanged. `lib/settings-schema.ts` has the others. */
const CONFIGURED = {
  AIRTABLE_BASE_ID: requiredSetting(
    v.pipe(v.string(), v.transform(baseIdIn), pattern(/^app[A-Za-z0-9]+$/, '"app" and letters and digits')),
    "the base's ID, app…, part of its page's URL",
  ),
  AIRTABLE_TEMPLATES_VIEW: optionalSetting(v.string(), 'Grid view'),
  TWILIO_SMS_NUMBER: requiredSetting(
    v.pipe(v.string(), ourNumber),
    'the number that SMS are sent from, such as +14135551234',
  ),
  TWILIO_WHATSAPP_NUMBER: optionalSetting(v.pipe(v.string(), ourNumber), null),
  DEFAULT_COUNTRY: optionalSetting(
    v.pipe(
      v.string(),
      v.toUpperCase(),
      v.guard(isSupportedCountry, 'is malformed: it must be a two-letter country code such as US'),
    ),
    'US',
  ),
  DEFAULT_WORKER: optionalSetting(list, []),
  OPT_OUT_WORDS: optionalSetting(keywords, []),
  OPT_IN_WORDS: optionalSetting(
    v.pipe(
      keywords,
      v.check(
        (words) => !words.some(isStandardOptOutWord),
        'is malformed: it contains an opt-out word such as STOP',
      ),
    ),
    [],
  ),
  CUSTOMER_VISIBILITY: optionalSetting(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.picklist(['owner', 'team'], 'is malformed: it must be owner or team'),
    ),
    'owner',
  ),
  // As it is typed, because Twilio signs the URL as it is configured there (twilio.md#signatures).
  PUBLIC_BASE_URL: optionalSetting(url, null),
  AIRTABLE_ENDPOINT_URL: optionalSetting(url, 'https://api.airtable.com'),
  TWILIO_API_URL: optionalSetting(url, null),
  SYNC_MINUTES: optionalSetting(wholeNumber(1, 60), 5),
  SYNC_PING_SECONDS: optionalSetting(wholeNumber(0, 600), 30),
};

const tableName = pattern(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table, not its ARN');

/** Variables that the stack sets, on the functions that need them. */
const SET_BY_STACK = {
  REPLICA_TABLE_NAME: optionalSetting(v.string(), null),
  OPT_OUT_TABLE_NAME: optionalSetting(tableName, null),
  SYNC_FUNCTION_NAME: optionalSetting(v.string(), null),
  AIRTABLE_WEBHOOK_URL: optionalSetting(url, null),
  AIRTABLE_REQUESTS_PER_SECOND: optionalSetting(wholeNumber(1, 50), 4),
};

/** The settings of `.env` that only the inbox's functions get, unchanged. */
const CONFIGURED_FOR_INBOX = {
  ROUTING: optionalSetting(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.picklist(['frontline', 'service'], 'is malformed: it must be frontline or service'),
    ),
    'frontline',
  ),
  TWILIO_MESSAGING_SERVICE_SID: optionalSetting(
    pattern(sidPattern('MG'), '"MG" and 32 hexadecimal digits'),
    null,
  ),
  TWILIO_MEDIA_URL: optionalSetting(url, null),
};

/** Variables that the stacks set, on the inbox's functions that need them. */
const SET_FOR_INBOX = {
  INBOX_TABLE_NAME: optionalSetting(tableName, null),
  INBOX_QUEUE_URL: optionalSetting(url, null),
  INBOX_CONNECTIONS_URL: optionalSetting(url, null),
  INBOX_LIVE_URL: optionalSetting(
    pattern(/^wss?:\/\/[^\s?#]+$/, 'a WebSocket URL, such as wss://example.com/live'),
    null,
  ),
};

/** All settings of the inbox's functions besides `FunctionSettings`. */
export const InboxSettings = v.object({ ...CONFIGURED_FOR_INBOX, ...SET_FOR_INBOX });

/** What gives a new chat a worker: Frontline, by its routing callback, or this service, by events. */
export type Routing = v.InferOutput<typeof InboxSettings>['ROUTING'];

/** The variables of `.env` that the inbox's functions get unchanged, besides `FUNCTION_VARIABLES`. */
export const INBOX_FUNCTION_VARIABLES: readonly string[] = Object.keys(CONFIGURED_FOR_INBOX);

/** The settings of a deployed function that come from `.env`. */
export const DeployedSettings = v.object(CONFIGURED);

/** Likewise, of a function of the inbox. */
export const DeployedInboxSettings = v.object({ ...CONFIGURED, ...CONFIGURED_FOR_INBOX });

/** All settings of a function. */
export const FunctionSettings = v.object({ ...CONFIGURED, ...SET_BY_STACK });

/** The variables that a deployed function gets unchanged; everything else in `.env` stays on the machine. */
export const FUNCTION_VARIABLES: readonly string[] = Object.keys(CONFIGURED);

/** A variable that is missing or malformed. The message is about the variable, and never contains its value. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** All settings of a schema by variable, or all problems. */
export type ConfigResult<T> =
  | { readonly settings: T; readonly problems: readonly [] }
  | { readonly settings: null; readonly problems: readonly ConfigProblem[] };

/** Checks the variables of a schema. A variable that is blank counts as not set. */
export function checkSettings<T>(
  schema: v.GenericSchema<unknown, T>,
  environment: Environment,
): ConfigResult<T> {
  const parsed = v.safeParse(schema, environment, { abortPipeEarly: true });
  if (parsed.success) return { settings: parsed.output, problems: [] };
  const problems = parsed.issues.map((issue) => ({
    variable: v.getDotPath(issue) ?? '',
    message: issue.message,
  }));
  return { settings: null, problems };
}

/**
 * The settings of a schema, by variable.
 * @throws {ConfigurationError} naming every variable that is missing or malformed.
 */
export function parseSettings<T>(schema: v.GenericSchema<unknown, T>, environment: Environment): T {
  const { settings, problems } = checkSettings(schema, environment);
  if (settings === null) throw new ConfigurationError(problems.map(formatProblem));
  return settings;
}

export function formatProblem({ variable, message }: ConfigProblem): string {
  return `${variable} ${message}`;
}

function isWebAddress(text: string): boolean {
  const parsed = parseUrl(text);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && !/[?#]/.test(text);
}

import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { ConfigurationError } from './errors';
import { isKeyword, isStandardOptOutWord } from './opt-out/keyword';
import type { E164Number } from './phone-number/address';

/** The non-secret settings: read from `.env` at synth, and from the environment in a function. */
export interface Configuration {
  readonly airtableBaseId: string;
  readonly templatesView: string;
  readonly smsNumber: E164Number;
  readonly whatsappNumber: E164Number | null;
  readonly defaultCountry: CountryCode;
  /** Workers for a conversation whose customer has no owner; may be empty. */
  readonly defaultWorkers: readonly string[];
  /** Scheme, host and mapping path of a custom domain, without a slash at the end. */
  readonly publicBaseUrl: string | null;
  readonly airtableUrl: string;
  readonly conversationsUrl: string;
  readonly frontlineUrl: string;
  /** Whose details and templates a worker may open, see `customers/visible-customer.ts`. */
  readonly customerVisibility: 'owner' | 'team';
  /** The team's own opt-out words, in addition to the standard ones. */
  readonly optOutWords: readonly string[];
  readonly optInWords: readonly string[];
  /**
   * Set in some functions only; null elsewhere, and in `.env`. `required` turns a missing one into an error.
   * Names of the DynamoDB tables and of the `sync` function.
   */
  readonly replicaTable: string | null;
  readonly optOutTable: string | null;
  readonly syncFunction: string | null;
  /** The address that Airtable's webhook calls; null for a webhook that is polled. */
  readonly webhookUrl: string | null;
  /** Minutes between two runs of `sync` by schedule. */
  readonly syncMinutes: number;
  /** Seconds between two runs of `sync` while pings continue. */
  readonly pingSeconds: number;
  /** Maximum rate at which sync sends requests to the base. Airtable allows 5; only an emulator takes more. */
  readonly airtableRequestsPerSecond: number;
}

/** Airtable's URL, unless AIRTABLE_ENDPOINT_URL overrides it. */
export const AIRTABLE_URL = 'https://api.airtable.com';

export type Environment = Readonly<Record<string, string | undefined>>;

const setting = (what: string) =>
  v.pipe(v.optional(v.string(), ''), v.trim(), v.nonEmpty(`is missing: ${what}`));
const optionalSetting = v.pipe(v.optional(v.string(), ''), v.trim());

const url = v.pipe(
  optionalSetting,
  v.check(
    (text) => text === '' || isWebAddress(text),
    'is malformed: it must be an http(s) URL without ? or #',
  ),
  v.transform((text) => (text === '' ? null : text.replace(/\/+$/, ''))),
);

/** A list of texts, separated by commas. */
const list = v.pipe(
  optionalSetting,
  v.transform((text) => text.split(',').flatMap((item) => item.trim() || [])),
);

/** Words that are compared with a whole message, see `opt-out/keyword.ts`. */
const keywords = v.pipe(
  list,
  v.check(
    (words) => words.every(isKeyword),
    'is malformed: each word must contain a letter or digit, and be at most 100 characters long',
  ),
);

const wholeNumber = (least: number, most: number, fallback: number) =>
  v.pipe(
    optionalSetting,
    v.transform((text) => (text === '' ? fallback : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN)),
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

const Settings = v.object({
  AIRTABLE_BASE_ID: v.pipe(
    setting("the base's ID, app…, part of its page's URL"),
    v.regex(/^app[A-Za-z0-9]+$/, 'is malformed: it must be "app" and letters and digits'),
  ),
  AIRTABLE_TEMPLATES_VIEW: v.pipe(
    optionalSetting,
    v.transform((name) => name || 'Grid view'),
  ),
  TWILIO_SMS_NUMBER: v.pipe(setting('the number that SMS are sent from, such as +14135551234'), ourNumber),
  TWILIO_WHATSAPP_NUMBER: v.pipe(
    optionalSetting,
    v.transform((text) => text || null),
    v.nullable(v.pipe(v.string(), ourNumber)),
  ),
  DEFAULT_COUNTRY: v.pipe(
    optionalSetting,
    v.transform((code) => code.toUpperCase() || 'US'),
    v.guard(isSupportedCountry, 'is malformed: it must be a two-letter country code such as US'),
  ),
  DEFAULT_WORKER: list,
  OPT_OUT_WORDS: keywords,
  OPT_IN_WORDS: v.pipe(
    keywords,
    v.check(
      (words) => !words.some(isStandardOptOutWord),
      'is malformed: it contains an opt-out word such as STOP',
    ),
  ),
  CUSTOMER_VISIBILITY: v.pipe(
    optionalSetting,
    v.transform((text) => text.toLowerCase() || 'owner'),
    v.picklist(['owner', 'team'], 'is malformed: it must be owner or team'),
  ),
  SSO_REALM_SID: v.pipe(
    optionalSetting,
    v.regex(/^(JB\S{32})?$/, 'is malformed: it must be "JB" and 32 characters'),
  ),
  PUBLIC_BASE_URL: url,
  AIRTABLE_ENDPOINT_URL: url,
  TWILIO_API_URL: url,
  REPLICA_TABLE_NAME: optionalSetting,
  OPT_OUT_TABLE_NAME: optionalSetting,
  SYNC_FUNCTION_NAME: optionalSetting,
  AIRTABLE_WEBHOOK_URL: url,
  SYNC_MINUTES: wholeNumber(1, 60, 5),
  SYNC_PING_SECONDS: wholeNumber(0, 600, 30),
  AIRTABLE_REQUESTS_PER_SECOND: wholeNumber(1, 50, 4),
});

/** The variables that a deployed function gets unchanged; everything else in `.env` stays on the machine. */
export const FUNCTION_VARIABLES = [
  'AIRTABLE_BASE_ID',
  'AIRTABLE_TEMPLATES_VIEW',
  'TWILIO_SMS_NUMBER',
  'TWILIO_WHATSAPP_NUMBER',
  'DEFAULT_COUNTRY',
  'DEFAULT_WORKER',
  'CUSTOMER_VISIBILITY',
  'OPT_OUT_WORDS',
  'OPT_IN_WORDS',
  'SYNC_MINUTES',
  'SYNC_PING_SECONDS',
  'PUBLIC_BASE_URL',
  'AIRTABLE_ENDPOINT_URL',
  'TWILIO_API_URL',
] as const;

/** The variable that holds the ARN of the credentials' secret; set by the stack. */
export const CREDENTIALS_SECRET_VARIABLE = 'CREDENTIALS_SECRET_ARN';

/** The variables that the stack sets on the functions that need them. */
export const STACK_VARIABLES = {
  replicaTable: 'REPLICA_TABLE_NAME',
  optOutTable: 'OPT_OUT_TABLE_NAME',
  syncFunction: 'SYNC_FUNCTION_NAME',
  webhookUrl: 'AIRTABLE_WEBHOOK_URL',
} as const;

/**
 * Returns a value that the function needs to work.
 * @throws {ConfigurationError} naming its variable, if the stack did not set it.
 */
export function required(
  configuration: Configuration,
  name: Exclude<keyof typeof STACK_VARIABLES, 'webhookUrl'>,
): string {
  const value = configuration[name];
  if (value === null) {
    throw new ConfigurationError([`${STACK_VARIABLES[name]} is missing: deploy the stack again`]);
  }
  return value;
}

/**
 * Reads and checks the configuration. A variable that is set but blank counts as absent.
 * @throws {ConfigurationError} naming every variable that is missing or malformed.
 */
export function readConfiguration(environment: Environment): Configuration {
  const parsed = v.safeParse(Settings, environment, { abortPipeEarly: true });
  if (!parsed.success) {
    throw new ConfigurationError(parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  }
  const settings = parsed.output;
  return {
    airtableBaseId: settings.AIRTABLE_BASE_ID,
    templatesView: settings.AIRTABLE_TEMPLATES_VIEW,
    smsNumber: settings.TWILIO_SMS_NUMBER,
    whatsappNumber: settings.TWILIO_WHATSAPP_NUMBER,
    defaultCountry: settings.DEFAULT_COUNTRY,
    defaultWorkers: settings.DEFAULT_WORKER,
    publicBaseUrl: settings.PUBLIC_BASE_URL,
    airtableUrl: settings.AIRTABLE_ENDPOINT_URL ?? AIRTABLE_URL,
    conversationsUrl: settings.TWILIO_API_URL ?? 'https://conversations.twilio.com',
    frontlineUrl: settings.TWILIO_API_URL ?? 'https://frontline-api.twilio.com',
    customerVisibility: settings.CUSTOMER_VISIBILITY,
    optOutWords: settings.OPT_OUT_WORDS,
    optInWords: settings.OPT_IN_WORDS,
    replicaTable: settings.REPLICA_TABLE_NAME || null,
    optOutTable: settings.OPT_OUT_TABLE_NAME || null,
    syncFunction: settings.SYNC_FUNCTION_NAME || null,
    webhookUrl: settings.AIRTABLE_WEBHOOK_URL,
    syncMinutes: settings.SYNC_MINUTES,
    pingSeconds: settings.SYNC_PING_SECONDS,
    airtableRequestsPerSecond: settings.AIRTABLE_REQUESTS_PER_SECOND,
  };
}

/**
 * The public URL that Twilio signs, if it is not the API's own. It is read apart from the other settings, so that a
 * signature can be checked, and a forged request rejected, before an error shows which setting is wrong.
 */
export function readPublicBaseUrl(environment: Environment): string | null {
  const parsed = v.safeParse(url, environment['PUBLIC_BASE_URL']);
  return parsed.success ? parsed.output : null;
}

function isWebAddress(text: string): boolean {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && !/[?#]/.test(text);
}

import type { CountryCode } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { type Environment, FUNCTION_SETTINGS, FunctionSettings, parseSettings } from './config-schema';
import { ConfigurationError } from './errors';
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

export type { Environment } from './config-schema';

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
 * Reads and checks the configuration.
 * @throws {ConfigurationError} naming every variable that is missing or malformed.
 */
export function readConfiguration(environment: Environment): Configuration {
  return configurationOf(parseSettings(FunctionSettings, environment));
}

export function configurationOf(settings: v.InferOutput<typeof FunctionSettings>): Configuration {
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
    replicaTable: settings.REPLICA_TABLE_NAME,
    optOutTable: settings.OPT_OUT_TABLE_NAME,
    syncFunction: settings.SYNC_FUNCTION_NAME,
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
  const parsed = v.safeParse(FUNCTION_SETTINGS.PUBLIC_BASE_URL, environment['PUBLIC_BASE_URL']);
  return parsed.success ? parsed.output : null;
}

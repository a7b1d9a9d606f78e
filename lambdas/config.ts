import * as v from 'valibot';
import { type Environment, FunctionSettings, parseSettings } from './config-schema';
import { ConfigurationError } from './errors';

export { type Environment, FUNCTION_VARIABLES } from './config-schema';

/** The non-secret settings: read from `.env` at synth, and from the environment in a function. */
export type Configuration = Readonly<ReturnType<typeof configurationOf>>;

/** The variable that holds the ARN of the credentials' secret; set by the stack. */
export const CREDENTIALS_SECRET_VARIABLE = 'CREDENTIALS_SECRET_ARN';

/** The variables that the stack sets on the functions that need them. */
export const STACK_VARIABLES = {
  replicaTable: 'REPLICA_TABLE_NAME',
  optOutTable: 'OPT_OUT_TABLE_NAME',
  syncFunction: 'SYNC_FUNCTION_NAME',
  webhookUrl: 'AIRTABLE_WEBHOOK_URL',
} as const satisfies Readonly<Record<string, keyof typeof FunctionSettings.entries>>;

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

export function configurationOf(settings: Readonly<v.InferOutput<typeof FunctionSettings>>) {
  return {
    airtableBaseId: settings.AIRTABLE_BASE_ID,
    airtableUrl: settings.AIRTABLE_ENDPOINT_URL,
    /** Maximum rate at which sync sends requests to the base. Airtable allows 5; only an emulator takes more. */
    airtableRequestsPerSecond: settings.AIRTABLE_REQUESTS_PER_SECOND,
    templatesView: settings.AIRTABLE_TEMPLATES_VIEW,
    smsNumber: settings.TWILIO_SMS_NUMBER,
    whatsappNumber: settings.TWILIO_WHATSAPP_NUMBER,
    defaultCountry: settings.DEFAULT_COUNTRY,
    /** Workers for a conversation whose customer has no owner; may be empty. */
    defaultWorkers: settings.DEFAULT_WORKER,
    /** Whose details and templates a worker may open, see `customers/visible-customer.ts`. */
    customerVisibility: settings.CUSTOMER_VISIBILITY,
    /** The team's own opt-out words, in addition to the standard ones. */
    optOutWords: settings.OPT_OUT_WORDS,
    optInWords: settings.OPT_IN_WORDS,
    /** Scheme, host and mapping path of a custom domain, without a slash at the end; null for the API's own. */
    publicBaseUrl: settings.PUBLIC_BASE_URL,
    conversationsUrl: settings.TWILIO_API_URL ?? 'https://conversations.twilio.com',
    frontlineUrl: settings.TWILIO_API_URL ?? 'https://frontline-api.twilio.com',
    /** Minutes between two runs of `sync` by schedule. */
    syncMinutes: settings.SYNC_MINUTES,
    /** Seconds between two runs of `sync` while pings continue. */
    pingSeconds: settings.SYNC_PING_SECONDS,
    /** Set by the stack in the functions that need it, as the next two; `required` turns a missing one into an error. */
    replicaTable: settings.REPLICA_TABLE_NAME,
    optOutTable: settings.OPT_OUT_TABLE_NAME,
    syncFunction: settings.SYNC_FUNCTION_NAME,
    /** The address that Airtable's webhook calls; null for a webhook that is polled. */
    webhookUrl: settings.AIRTABLE_WEBHOOK_URL,
  };
}

/**
 * The public URL that Twilio signs, if it is not the API's own. It is read apart from the other settings, so that a
 * signature can be checked, and a forged request rejected, before an error shows which setting is wrong.
 */
export function readPublicBaseUrl(environment: Environment): string | null {
  const parsed = v.safeParse(FunctionSettings.entries.PUBLIC_BASE_URL, environment['PUBLIC_BASE_URL']);
  return parsed.success ? parsed.output : null;
}

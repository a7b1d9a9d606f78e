import * as v from 'valibot';
import { type Configuration, configurationOf, type Environment } from '../../lambdas/config';
import {
  type ConfigProblem,
  checkSettings,
  formatProblem,
  parseSettings,
  type Routing,
} from '../../lambdas/config-schema';
import type { TwilioApiKey } from '../../lambdas/credentials/credentials';
import { ConfigurationError } from '../../lambdas/errors';
import {
  certificateProblems,
  functionVariablesOf,
  inboxVariablesOf,
} from '../../lib/deployment-configuration';
import { AllSettings } from '../../lib/settings-schema';

/** The settings of a command that uses nothing but the base. */
export interface AirtableSettings {
  readonly configuration: Pick<Configuration, 'airtableUrl' | 'airtableBaseId' | 'defaultCountry'>;
  /** The token of the deployed functions: records of one base, and no more. */
  readonly airtableApiKey: string;
  /** The token of setup and doctor: the same, unless one with the schema scopes is kept apart from it. */
  readonly airtableSetupApiKey: string;
}

/** The settings of `.env`: the service's configuration, and credentials. */
export interface Settings extends AirtableSettings {
  readonly configuration: Configuration;
  /** The variables that a deployed function gets. */
  readonly functionVariables: Readonly<Record<string, string>>;
  readonly accountSid: string;
  readonly authToken: string;
  readonly authTokenSecondary: string | null;
  /** Secrets of Twilio's shared keys, separated by commas; for the secret. */
  readonly webhookSharedKeys: string | null;
  /** The API key of requests to Twilio; null: they authenticate with the account's token. */
  readonly twilioApiKey: TwilioApiKey | null;
  /** The messaging service of new chats (`MG…`); null until setup has chosen one. */
  readonly messagingServiceSid: string | null;
  /** The e-mail address that alarms notify; null for none. */
  readonly alarmEmail: string | null;
  /** One host in place of all of Twilio's, for trials; null for Twilio itself. */
  readonly twilioApiUrl: string | null;
  readonly inbox: InboxChoices;
}

/** The choices of `.env` about the inbox. */
export interface InboxChoices {
  /** Whether there is an inbox. */
  readonly isOn: boolean;
  /** The variables that a function of the inbox gets, besides those of every function. */
  readonly functionVariables: Readonly<Record<string, string>>;
  readonly routing: Routing;
  /** The inbox table that an earlier stack left, or null to create one. */
  readonly table: string | null;
  /** The origin of the site's custom domain; null for CloudFront's own. */
  readonly url: string | null;
  /** Another host for Twilio's media, for trials; null for Twilio itself. */
  readonly mediaUrl: string | null;
}

/** Whether the settings have an inbox, regardless of the others. False if INBOX is malformed. */
export function isInboxOn(environment: Environment): boolean {
  const isOn = v.safeParse(AllSettings.entries.INBOX, environment['INBOX']);
  return isOn.success && isOn.output;
}

type ApiKeySettings = Pick<v.InferOutput<typeof AllSettings>, 'TWILIO_API_KEY_SID' | 'TWILIO_API_KEY_SECRET'>;

/** The API key of Twilio; null for none. */
export function apiKeyOf({
  TWILIO_API_KEY_SID: sid,
  TWILIO_API_KEY_SECRET: secret,
}: ApiKeySettings): TwilioApiKey | null {
  return sid === null || secret === null ? null : { sid, secret };
}

/**
 * Reads all settings of setup, doctor, teardown and the local service with real accounts.
 * @throws {ConfigurationError} naming every variable that is missing or malformed, and never a secret's value.
 */
export function readSettings(environment: Environment): Settings {
  const settings = parseSettings(AllSettings, environment);
  const incomplete = incompletePairs(environment);
  if (incomplete.length > 0) throw new ConfigurationError(incomplete.map(formatProblem));
  return {
    configuration: configurationOf(settings),
    functionVariables: functionVariablesOf(environment),
    accountSid: settings.ACCOUNT_SID,
    authToken: settings.AUTH_TOKEN,
    authTokenSecondary: settings.AUTH_TOKEN_SECONDARY,
    webhookSharedKeys: settings.WEBHOOK_SHARED_KEYS,
    airtableApiKey: settings.AIRTABLE_API_KEY,
    airtableSetupApiKey: settings.AIRTABLE_SETUP_API_KEY ?? settings.AIRTABLE_API_KEY,
    twilioApiKey: apiKeyOf(settings),
    messagingServiceSid: settings.TWILIO_MESSAGING_SERVICE_SID,
    alarmEmail: settings.ALARM_EMAIL,
    twilioApiUrl: settings.TWILIO_API_URL,
    inbox: {
      isOn: settings.INBOX,
      functionVariables: inboxVariablesOf(environment),
      routing: settings.ROUTING,
      table: settings.INBOX_TABLE_NAME,
      url: settings.INBOX_URL,
      mediaUrl: settings.TWILIO_MEDIA_URL,
    },
  };
}

const ForAirtable = v.pick(AllSettings, [
  'AIRTABLE_API_KEY',
  'AIRTABLE_SETUP_API_KEY',
  'AIRTABLE_BASE_ID',
  'AIRTABLE_ENDPOINT_URL',
  'DEFAULT_COUNTRY',
]);

/**
 * Reads the settings of the base only, regardless of the others.
 * @throws {ConfigurationError} naming every one that is missing or malformed.
 */
export function readAirtableSettings(environment: Environment): AirtableSettings {
  const settings = parseSettings(ForAirtable, environment);
  return {
    configuration: {
      airtableUrl: settings.AIRTABLE_ENDPOINT_URL,
      airtableBaseId: settings.AIRTABLE_BASE_ID,
      defaultCountry: settings.DEFAULT_COUNTRY,
    },
    airtableApiKey: settings.AIRTABLE_API_KEY,
    airtableSetupApiKey: settings.AIRTABLE_SETUP_API_KEY ?? settings.AIRTABLE_API_KEY,
  };
}

/** Everything that is missing or malformed in `.env`. */
export function settingProblems(environment: Environment): readonly ConfigProblem[] {
  return [...checkSettings(AllSettings, environment).problems, ...incompletePairs(environment)];
}

/** Settings that are of no use without another, which is missing. */
function incompletePairs(environment: Environment): readonly ConfigProblem[] {
  return [...halfAnApiKey(environment), ...certificateProblems(environment)];
}

/** The SID of an API key without its secret, or the other way round: which one is missing. */
function halfAnApiKey(environment: Environment): readonly ConfigProblem[] {
  const names = ['TWILIO_API_KEY_SID', 'TWILIO_API_KEY_SECRET'];
  const missing = names.filter((name) => !environment[name]?.trim());
  return missing.length !== 1
    ? []
    : missing.map((variable) => ({
        variable,
        message: `is missing: an API key is ${names.join(' and ')}; set both, or neither`,
      }));
}

/** The environment without malformed variables, and their problems. For the demo, which needs none of them. */
export function withoutMalformed(environment: Environment): {
  readonly environment: Environment;
  readonly malformed: readonly ConfigProblem[];
} {
  const malformed = settingProblems(environment).filter(({ variable }) => environment[variable]?.trim());
  const names = new Set(malformed.map(({ variable }) => variable));
  const kept = Object.entries(environment).filter(([name]) => !names.has(name));
  return { environment: Object.fromEntries(kept), malformed };
}

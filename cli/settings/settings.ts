import { type Configuration, configurationOf, type Environment } from '../../lambdas/config';
import { type ConfigProblem, checkSettings, parseSettings } from '../../lambdas/config-schema';
import { functionVariablesOf } from '../../lib/deployment-configuration';
import { AllSettings } from '../../lib/settings-schema';

/** The settings of `.env`: the service's configuration, and credentials. */
export interface Settings {
  readonly configuration: Configuration;
  /** The variables that a deployed function gets. */
  readonly functionVariables: Readonly<Record<string, string>>;
  readonly accountSid: string;
  readonly authToken: string;
  readonly authTokenSecondary: string | null;
  /** Secrets of Twilio's shared keys, separated by commas; for the secret. */
  readonly webhookSharedKeys: string | null;
  /** The token of the deployed functions: records of one base, and no more. */
  readonly airtableApiKey: string;
  /** The token of setup and doctor: the same, unless one with the schema scopes is kept apart from it. */
  readonly airtableSetupApiKey: string;
  /** One host in place of all of Twilio's, for trials; null for Twilio itself. */
  readonly twilioApiUrl: string | null;
}

/**
 * Reads all settings of setup, doctor, teardown and the local service with real accounts.
 * @throws {ConfigurationError} naming every variable that is missing or malformed, and never a secret's value.
 */
export function readSettings(environment: Environment): Settings {
  const settings = parseSettings(AllSettings, environment);
  return {
    configuration: configurationOf(settings),
    functionVariables: functionVariablesOf(environment),
    accountSid: settings.ACCOUNT_SID,
    authToken: settings.AUTH_TOKEN,
    authTokenSecondary: settings.AUTH_TOKEN_SECONDARY,
    webhookSharedKeys: settings.WEBHOOK_SHARED_KEYS,
    airtableApiKey: settings.AIRTABLE_API_KEY,
    airtableSetupApiKey: settings.AIRTABLE_SETUP_API_KEY ?? settings.AIRTABLE_API_KEY,
    twilioApiUrl: settings.TWILIO_API_URL,
  };
}

/** Everything that is missing or malformed in `.env`. */
export function settingProblems(environment: Environment): readonly ConfigProblem[] {
  return checkSettings(AllSettings, environment).problems;
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

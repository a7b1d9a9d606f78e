import * as v from 'valibot';
import { type Configuration, type Environment, readConfiguration } from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';
import { readDeploymentConfiguration } from '../../lib/deployment-configuration';

/** The settings of `.env` for setup and doctor: the service's configuration, and credentials. */
export interface Settings {
  readonly configuration: Configuration;
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

const text = v.pipe(v.optional(v.string(), ''), v.trim());
const required = (what: string) => v.pipe(text, v.nonEmpty(`is missing: ${what}`));
const optional = v.pipe(
  text,
  v.transform((given) => given || null),
);

const authToken = v.regex<string, string>(/^[!-~]+$/, 'is malformed: it must consist of letters and digits');
const airtableToken = v.regex<string, string>(
  /^pat[!-~]+$/,
  'is malformed: it must be a personal access token, which begins with "pat"; keys that begin with "key" no longer work',
);

const Secrets = v.object({
  ACCOUNT_SID: v.pipe(
    required('the account SID, on the first page of the Twilio console'),
    v.regex(/^AC[0-9a-fA-F]{32}$/, 'is malformed: it must be "AC" and 32 hexadecimal digits'),
  ),
  AUTH_TOKEN: v.pipe(
    required("the account's auth token, on the first page of the Twilio console"),
    authToken,
  ),
  AUTH_TOKEN_SECONDARY: v.pipe(optional, v.nullable(v.pipe(v.string(), authToken))),
  WEBHOOK_SHARED_KEYS: optional,
  AIRTABLE_API_KEY: v.pipe(
    required('a personal access token, pat…, from Airtable > Builder hub > Personal access tokens'),
    airtableToken,
  ),
  AIRTABLE_SETUP_API_KEY: v.pipe(optional, v.nullable(v.pipe(v.string(), airtableToken))),
  TWILIO_API_URL: optional,
});

/**
 * Reads all settings of setup and doctor.
 * @throws {ConfigurationError} naming every variable that is missing or malformed, and never a secret's value.
 */
export function readSettings(environment: Environment): Settings {
  const secrets = v.safeParse(Secrets, environment, { abortPipeEarly: true });
  const problems = secrets.success
    ? []
    : secrets.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  const configuration = attempt(() => {
    // A value that the deployment would reject is rejected here already.
    readDeploymentConfiguration(environment);
    return readConfiguration(environment);
  }, problems);
  if (configuration === null || !secrets.success) throw new ConfigurationError(problems);
  const { output } = secrets;
  return {
    configuration,
    accountSid: output.ACCOUNT_SID,
    authToken: output.AUTH_TOKEN,
    authTokenSecondary: output.AUTH_TOKEN_SECONDARY,
    webhookSharedKeys: output.WEBHOOK_SHARED_KEYS,
    airtableApiKey: output.AIRTABLE_API_KEY,
    airtableSetupApiKey: output.AIRTABLE_SETUP_API_KEY ?? output.AIRTABLE_API_KEY,
    twilioApiUrl: output.TWILIO_API_URL?.replace(/\/+$/, '') ?? null,
  };
}

/** All problems of the settings, each with the variable's name in front. */
export function settingProblems(environment: Environment): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems;
  }
}

function attempt(read: () => Configuration, problems: string[]): Configuration | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

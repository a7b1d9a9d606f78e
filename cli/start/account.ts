import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { Environment } from '../../lambdas/config';
import { readConfiguration } from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';

/** The content of the credentials secret; its keys are the variable names of `.env`. */
export interface Account {
  readonly ACCOUNT_SID: string;
  readonly AUTH_TOKEN: string;
  readonly AUTH_TOKEN_SECONDARY: string;
  readonly WEBHOOK_SHARED_KEYS: string;
  readonly AIRTABLE_API_KEY: string;
}

/** The account of `.env`, so that requests signed with its token pass here too; otherwise the demo account. */
export function demoAccount(environment: Environment): Account {
  return {
    ACCOUNT_SID: environment['ACCOUNT_SID']?.trim() || DEMO_CREDENTIALS.accountSid,
    AUTH_TOKEN: environment['AUTH_TOKEN']?.trim() || DEMO_CREDENTIALS.authToken,
    AUTH_TOKEN_SECONDARY: environment['AUTH_TOKEN_SECONDARY']?.trim() ?? '',
    WEBHOOK_SHARED_KEYS: environment['WEBHOOK_SHARED_KEYS']?.trim() ?? '',
    AIRTABLE_API_KEY: DEMO_CREDENTIALS.airtableApiKey,
  };
}

const REQUIRED = {
  ACCOUNT_SID: 'the account, AC…, in the Twilio console',
  AUTH_TOKEN: "the account's auth token, in the Twilio console",
  AIRTABLE_API_KEY:
    'a personal access token, pat…, with data.records:read, data.records:write, webhook:manage and schema.bases:read on the base',
} as const;

/**
 * The real account from complete settings.
 * @throws {ConfigurationError} naming every missing or malformed variable, including the functions'
 */
export function readLiveAccount(environment: Environment): Account {
  const value = (name: string) => environment[name]?.trim() ?? '';
  const missing = Object.entries(REQUIRED)
    .filter(([name]) => value(name) === '')
    .map(([name, description]) => `${name} is missing: ${description}`);
  const problems = [...missing, ...configurationProblems(environment)];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    ACCOUNT_SID: value('ACCOUNT_SID'),
    AUTH_TOKEN: value('AUTH_TOKEN'),
    AUTH_TOKEN_SECONDARY: value('AUTH_TOKEN_SECONDARY'),
    WEBHOOK_SHARED_KEYS: value('WEBHOOK_SHARED_KEYS'),
    AIRTABLE_API_KEY: value('AIRTABLE_API_KEY'),
  };
}

function configurationProblems(environment: Environment): readonly string[] {
  try {
    readConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

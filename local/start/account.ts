import type { Environment } from '../../lambdas/configuration/configuration';
import { readConfiguration } from '../../lambdas/configuration/configuration';
import { Misconfigured } from '../../lambdas/errors/errors';
import { DEMONSTRATION } from '../settings/demonstration';

/** What the credentials secret holds; its keys are the names of the variables in `.env`. */
export interface Account {
  readonly ACCOUNT_SID: string;
  readonly AUTH_TOKEN: string;
  readonly AUTH_TOKEN_SECONDARY: string;
  readonly WEBHOOK_SHARED_KEYS: string;
  readonly AIRTABLE_API_KEY: string;
}

/** The account of `.env`, so that what is signed with its token is believed here too; else the demonstration's. */
export function madeUpAccount(environment: Environment): Account {
  return {
    ACCOUNT_SID: environment['ACCOUNT_SID']?.trim() || DEMONSTRATION.accountSid,
    AUTH_TOKEN: environment['AUTH_TOKEN']?.trim() || DEMONSTRATION.authToken,
    AUTH_TOKEN_SECONDARY: environment['AUTH_TOKEN_SECONDARY']?.trim() ?? '',
    WEBHOOK_SHARED_KEYS: environment['WEBHOOK_SHARED_KEYS']?.trim() ?? '',
    AIRTABLE_API_KEY: DEMONSTRATION.airtableApiKey,
  };
}

const NEEDED = {
  ACCOUNT_SID: 'the account, AC…, in the Twilio console',
  AUTH_TOKEN: "the account's auth token, in the Twilio console",
  AIRTABLE_API_KEY:
    'a personal access token, pat…, with data.records:read, data.records:write, webhook:manage and schema.bases:read on the base',
} as const;

/**
 * The real account, out of settings that are all there.
 * @throws {Misconfigured} naming every variable that is missing or malformed, those of the functions too.
 */
export function readLiveAccount(environment: Environment): Account {
  const value = (name: string) => environment[name]?.trim() ?? '';
  const missing = Object.entries(NEEDED)
    .filter(([name]) => value(name) === '')
    .map(([name, what]) => `${name} is missing: ${what}`);
  const problems = [...missing, ...configurationProblems(environment)];
  if (problems.length > 0) throw new Misconfigured(problems);
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
    if (error instanceof Misconfigured) return error.problems;
    throw error;
  }
}

import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { Environment } from '../../lambdas/config';
import type { Settings } from '../settings/settings';

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
  const value = (name: string) => environment[name]?.trim() ?? '';
  return {
    ACCOUNT_SID: value('ACCOUNT_SID') || DEMO_CREDENTIALS.accountSid,
    AUTH_TOKEN: value('AUTH_TOKEN') || DEMO_CREDENTIALS.authToken,
    AUTH_TOKEN_SECONDARY: value('AUTH_TOKEN_SECONDARY'),
    WEBHOOK_SHARED_KEYS: value('WEBHOOK_SHARED_KEYS'),
    AIRTABLE_API_KEY: DEMO_CREDENTIALS.airtableApiKey,
  };
}

/** The real account. */
export function liveAccount(settings: Settings): Account {
  return {
    ACCOUNT_SID: settings.accountSid,
    AUTH_TOKEN: settings.authToken,
    AUTH_TOKEN_SECONDARY: settings.authTokenSecondary ?? '',
    WEBHOOK_SHARED_KEYS: settings.webhookSharedKeys ?? '',
    AIRTABLE_API_KEY: settings.airtableApiKey,
  };
}

import { join } from 'node:path';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { Environment } from '../../lambdas/config';
import { readSettings, type Settings } from '../settings/settings';
import { liveBanner } from './banner/live-banner';
import { startSync } from './first-sync';
import { REQUEST_RATE, startSecret } from './function-environment';
import { startService } from './service';
import type { StartContext, Started } from './start-context';

const MINUTE_MS = 60_000;

/**
 * Starts the service with the real Airtable and Twilio. Only AWS is emulated: Secrets Manager holds the credentials of
 * `.env`, and DynamoDB stores customers and opt-outs on disk, separately for each base. The base's webhook is polled,
 * because Airtable cannot call this machine.
 * @throws {ConfigurationError} naming every missing or malformed variable
 */
export async function startLive(context: StartContext): Promise<Started> {
  const { port, environment, directory, log, running } = context;
  const settings = readSettings(environment);
  const { configuration } = settings;
  const { airtableBaseId: baseId, publicBaseUrl } = configuration;
  const tableDirectory = join(directory, '.frontline', 'dynamodb', baseId);
  const secret = running.add(await startSecret(port, liveAccount(settings)));
  const service = await startService(
    {
      secret,
      tableDirectory,
      inbox: null,
      isCalledByAirtable: false,
      baseId,
      settings: (url) => ({
        ...environment,
        PUBLIC_BASE_URL: publicBaseUrl ?? url,
        SYNC_MINUTES: '1',
        [REQUEST_RATE]: undefined,
      }),
    },
    context,
  );
  log.screen.line(`Reading the base ${baseId} …`);
  const first = await startSync(service, MINUTE_MS, context);
  const { urls } = service;
  const banner = liveBanner({ urls, configuration, tableDirectory, first });
  return { urls, baseId, banner, warnings: [], log: first.log };
}

/** The content of the credentials secret; its keys are the variable names of `.env`. */
export interface Account {
  readonly ACCOUNT_SID: string;
  readonly AUTH_TOKEN: string;
  readonly AUTH_TOKEN_SECONDARY: string;
  readonly WEBHOOK_SHARED_KEYS: string;
  readonly AIRTABLE_API_KEY: string;
  /** Blank for none, as the next. */
  readonly TWILIO_API_KEY_SID: string;
  readonly TWILIO_API_KEY_SECRET: string;
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
    // The demo's emulator knows the account's token only.
    TWILIO_API_KEY_SID: '',
    TWILIO_API_KEY_SECRET: '',
  };
}

/** The real account. */
function liveAccount(settings: Settings): Account {
  return {
    ACCOUNT_SID: settings.accountSid,
    AUTH_TOKEN: settings.authToken,
    AUTH_TOKEN_SECONDARY: settings.authTokenSecondary ?? '',
    WEBHOOK_SHARED_KEYS: settings.webhookSharedKeys ?? '',
    AIRTABLE_API_KEY: settings.airtableApiKey,
    TWILIO_API_KEY_SID: settings.twilioApiKey?.sid ?? '',
    TWILIO_API_KEY_SECRET: settings.twilioApiKey?.secret ?? '',
  };
}

import { join } from 'node:path';
import { readSettings } from '../settings/settings';
import { liveAccount } from './account';
import { liveBanner } from './banner/live-banner';
import { startSync } from './first-sync';
import { REQUEST_RATE } from './function-environment';
import { startService } from './service';
import type { StartContext, Started } from './start-context';
import { startSecret } from './start-secrets-manager';

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

import { join } from 'node:path';
import type { Environment } from '../../lambdas/config';
import { readSettings } from '../settings/settings';
import { liveAccount } from './account';
import { liveBanner } from './banner/live-banner';
import type { Closables } from './closables';
import { type Started, startSync } from './first-sync';
import { REQUEST_RATE } from './function-environment';
import { startService } from './service';
import { startSecret } from './start-secrets-manager';
import type { FunctionLog } from './tee-output';

const MINUTE_MS = 60_000;

/**
 * Starts the service with the real Airtable and Twilio. Only AWS is emulated: Secrets Manager holds the credentials of
 * `.env`, and DynamoDB stores customers and opt-outs on disk, separately for each base. The base's webhook is polled,
 * because Airtable cannot call this machine.
 * @throws {ConfigurationError} naming every missing or malformed variable
 */
export async function startLive(
  port: number,
  environment: Environment,
  running: Closables,
  { directory, log }: { readonly directory: string; readonly log: FunctionLog },
): Promise<Started> {
  const settings = readSettings(environment);
  const { configuration } = settings;
  const tableDirectory = join(directory, '.frontline', 'dynamodb', configuration.airtableBaseId);
  const secret = running.add(await startSecret(port, liveAccount(settings)));
  const service = await startService(
    {
      port,
      secret,
      tableDirectory,
      inbox: null,
      isCalledByAirtable: false,
      baseId: configuration.airtableBaseId,
      settings: (url) => ({
        ...environment,
        PUBLIC_BASE_URL: configuration.publicBaseUrl ?? url,
        SYNC_MINUTES: '1',
        [REQUEST_RATE]: undefined,
      }),
    },
    running,
  );
  console.log(`Reading the base ${configuration.airtableBaseId} …`);
  const first = await startSync(service, MINUTE_MS, log, running);
  const screen = liveBanner({ service, secret, configuration, tableDirectory, first });
  return { screen, log: first.log };
}

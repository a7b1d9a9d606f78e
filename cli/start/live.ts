import { join } from 'node:path';
import type { Environment } from '../../lambdas/config';
import { readConfiguration } from '../../lambdas/config';
import { readLiveAccount } from './account';
import { liveBanner } from './banner/live-banner';
import type { Closables } from './closables';
import { type Started, startSync } from './first-sync';
import { REQUEST_RATE } from './function-environment';
import { startService } from './service';
import { startSecret } from './start-secrets-manager';
import type { FunctionLog } from './tee-output';

const MINUTE_MS = 60_000;

/**
 * Starts the service on the real Airtable and Twilio. Only AWS is emulated: Secrets Manager holds the credentials of
 * `.env`, DynamoDB keeps customers and opt-outs on disk, apart for each base. Airtable cannot call this machine, so
 * that the base's webhook is polled.
 * @throws {ConfigurationError} naming every variable that is missing or malformed
 */
export async function startLive(
  port: number,
  environment: Environment,
  running: Closables,
  { directory, log }: { readonly directory: string; readonly log: FunctionLog },
): Promise<Started> {
  const account = readLiveAccount(environment);
  const configuration = readConfiguration(environment);
  const tableDirectory = join(directory, '.frontline', 'dynamodb', configuration.airtableBaseId);
  const secret = running.add(await startSecret(port, account));
  const service = await startService(
    {
      port,
      secret,
      tableDirectory,
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

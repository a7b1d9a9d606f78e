import type { Environment } from '../../lambdas/configuration/configuration';
import { readConfiguration } from '../../lambdas/configuration/configuration';
import { readLiveAccount } from './account';
import { startCallbacks } from './callbacks';
import { setFunctionEnvironment } from './function-environment';
import type { Running } from './running';
import { liveScreen } from './screen';
import { startSecret } from './secret';

/**
 * Starts the callbacks on the real Airtable and Twilio. Only Secrets Manager is a stand-in: it holds the credentials
 * of `.env`.
 * @throws {Misconfigured} naming every variable that is missing or malformed
 */
export async function startLive(port: number, environment: Environment, running: Running): Promise<string> {
  const account = readLiveAccount(environment);
  const configuration = readConfiguration(environment);
  const secret = running.add(await startSecret(port, account));
  const callbacks = running.add(await startCallbacks(port));
  const url = callbacks.url.replace('127.0.0.1', 'localhost');
  setFunctionEnvironment({ ...environment, PUBLIC_BASE_URL: configuration.publicBaseUrl ?? url }, secret);
  return liveScreen({ url, configuration });
}

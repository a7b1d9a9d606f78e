import { join } from 'node:path';
import type { Environment } from '../../lambdas/configuration/configuration';
import { readConfiguration } from '../../lambdas/configuration/configuration';
import { DEMONSTRATION } from '../settings/demonstration';
import { teamBase } from '../team/base';
import { BaseFile } from '../team/base-file';
import { madeUpAccount } from './account';
import { callbackUrl, startCallbacks } from './callbacks';
import { setFunctionEnvironment } from './function-environment';
import { madeUpSettings, startBase, startConversations, WEBHOOK_EVENTS } from './made-up-world';
import type { Running } from './running';
import { madeUpScreen } from './screen';
import { startSecret } from './secret';

/**
 * Starts the callbacks on a made-up team, in an Airtable and a Twilio of this machine. The base is the one of the
 * file, if there is one.
 * @throws {BaseFileUnusable} where the file holds no base
 */
export async function startMadeUp(
  port: number,
  environment: Environment,
  running: Running,
  { directory, reset }: { readonly directory: string; readonly reset: boolean },
): Promise<string> {
  const file = new BaseFile(join(directory, '.frontline', 'base.json'));
  const kept = reset ? null : await file.load();
  const base = kept ?? teamBase();
  const account = madeUpAccount(environment);
  const settings = madeUpSettings(environment, base);
  const configuration = readConfiguration(settings);

  const airtable = running.add(await startBase(port, base, account, file));
  const twilio = running.add(await startConversations(port, account, configuration));
  const secret = running.add(await startSecret(port, account));
  const callbacks = running.add(await startCallbacks(port));
  if (kept === null) await file.save(airtable.base);

  const publicBaseUrl = callbacks.url.replace('127.0.0.1', 'localhost');
  setFunctionEnvironment(
    {
      ...settings,
      PUBLIC_BASE_URL: publicBaseUrl,
      AIRTABLE_ENDPOINT_URL: airtable.url,
      TWILIO_API_URL: twilio.url,
    },
    secret,
  );
  twilio.configureWebhooks({
    preUrl: callbackUrl(publicBaseUrl, 'twilio-conversations'),
    postUrl: callbackUrl(publicBaseUrl, 'twilio-conversations'),
    routingUrl: callbackUrl(publicBaseUrl, 'routing'),
    filters: WEBHOOK_EVENTS,
  });
  return madeUpScreen({
    url: publicBaseUrl,
    airtableUrl: airtable.url,
    twilioUrl: twilio.url,
    secretsManagerUrl: secret.url,
    base: airtable.base,
    file: file.path,
    openToken: account.AUTH_TOKEN === DEMONSTRATION.authToken ? account.AUTH_TOKEN : null,
  });
}

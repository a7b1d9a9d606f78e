import type { Configuration } from '../../../lambdas/config';
import type { FirstSync } from '../first-sync';
import type { RunningService } from '../service';
import type { RunningSecret } from '../start-secrets-manager';
import { awsUrls, callbackUrls } from './callback-urls';

/** The banner of `npm start -- --live`. */
export function liveBanner({
  service,
  secret,
  configuration: { publicBaseUrl, airtableBaseId, airtableUrl, conversationsUrl },
  tableDirectory,
  first,
}: {
  readonly service: RunningService;
  readonly secret: RunningSecret;
  readonly configuration: Configuration;
  readonly tableDirectory: string;
  readonly first: FirstSync;
}): string {
  const { url } = service;
  const tunnel = publicBaseUrl ?? url;
  const way =
    publicBaseUrl === null
      ? 'Twilio cannot reach them: for that, set PUBLIC_BASE_URL to the address of a tunnel to this machine.'
      : `They are to be set in the Twilio console, and the tunnel behind ${publicBaseUrl} has to lead to ${url}`;
  return `
Frontline's callbacks, on the REAL Airtable and Twilio.

  Callbacks
${callbackUrls(tunnel)}

  ${way}
  The base is ${airtableBaseId} at ${airtableUrl}, the conversations are at ${conversationsUrl}

  Emulators of AWS on this machine
${awsUrls({ secretsManager: secret.url, dynamoDb: service.dynamoDbUrl, lambda: service.lambda.url })}

  ${describe(first)}
  A copy of it and every opt-out are kept in ${tableDirectory}
  A customer's STOP is ticked in the base within a minute. Keep the folder: it is the proof of each opt-out.

  To try next, in another terminal
    npm run callback -- GetCustomersList --worker you@your-company.com --url ${tunnel}
`;
}

/** Describes the result of the first sync. */
function describe({ lastPass, problem, webhookProblem }: FirstSync): string {
  const copy =
    lastPass && `${lastPass.customers} customers, as of ${new Date(lastPass.finishedAt).toString()}`;
  const changes =
    webhookProblem === null
      ? 'Changes in it are asked for every minute, by a webhook without an address.'
      : `Changes in it come hours late, with the next reading of the whole base, because it has no webhook:
  the token needs the scope webhook:manage and an owner who is a creator of the base, which has 10 at most.
  Airtable said: ${webhookProblem}`;
  if (problem === null) return `The base has been read: ${copy}\n  ${changes}`;
  const served = copy ? `The earlier copy is served: ${copy}` : 'Until then the callbacks return 503.';
  return `The base could not be read: ${problem}\n  It is tried again every minute. ${served}`;
}

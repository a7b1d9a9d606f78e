import { CALLBACK_NAMES } from '../../lambdas/callback/callback-name';
import type { Configuration } from '../../lambdas/configuration/configuration';
import type { BaseData } from '../airtable/airtable-stand-in';
import { DEMONSTRATION } from '../settings/demonstration';
import { WORKERS, type Worker } from '../team/workers';
import { callbackUrl } from './callbacks';

/** A customer of the team, Miles O'Brien, who writes in. */
const CALLER = '+16285550101';

/** What `npm start` shows when everything runs. */
export function madeUpScreen({
  url,
  airtableUrl,
  twilioUrl,
  secretsManagerUrl,
  base,
  file,
  openToken,
}: {
  readonly url: string;
  readonly airtableUrl: string;
  readonly twilioUrl: string;
  readonly secretsManagerUrl: string;
  readonly base: BaseData;
  readonly file: string;
  /** The demonstration's token, which everybody may know; null where it is the user's own. */
  readonly openToken: string | null;
}): string {
  const option = url === 'http://localhost:5001' ? '' : ` --url ${url}`;
  return `
Frontline's callbacks, on a made-up team. Nothing leaves this machine.

  Callbacks
${callbackUrls(url)}

  Stand-ins
    Airtable         ${airtableUrl}
    Twilio           ${twilioUrl}
    Secrets Manager  ${secretsManagerUrl}

  Requests are signed with ${openToken === null ? 'the AUTH_TOKEN of .env or the environment' : `the auth token ${openToken}`}

  Workers
${WORKERS.map((worker) => `    ${describe(worker, base)}`).join('\n')}

  The base is ${airtableUrl}/v0/${base.id}, with the token ${DEMONSTRATION.airtableApiKey}
  What you change there is kept in ${file}
  npm start -- --reset begins again.

  To try next, in another terminal
    npm run callback -- GetCustomersList --worker ${WORKERS[1].identity}${option}
    npm run callback -- GetTemplatesByCustomerId${option}
    curl -d 'From=${CALLER}' -d 'Body=Hello' ${twilioUrl}/simulate/inbound
`;
}

/** What `npm start -- --live` shows. */
export function liveScreen({
  url,
  configuration: { publicBaseUrl, airtableBaseId, airtableUrl, conversationsUrl },
}: {
  readonly url: string;
  readonly configuration: Configuration;
}): string {
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

  To try next, in another terminal
    npm run callback -- GetCustomersList --worker you@your-company.com --url ${tunnel}
`;
}

function callbackUrls(url: string): string {
  return CALLBACK_NAMES.map((name) => `    ${callbackUrl(url, name)}`).join('\n');
}

function describe({ identity, friendlyName, state, isAvailable }: Worker, base: BaseData): string {
  const records = base.tables.flatMap(({ records }) => records);
  const customers = records.filter(({ fields }) => String(fields['owner']).trim() === identity).length;
  const absence = state === 'deactivated' ? ', deactivated' : isAvailable ? '' : ', not available';
  return `${identity.padEnd(24)} ${friendlyName}, ${customers} customers${absence}`;
}

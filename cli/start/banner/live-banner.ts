import type { Configuration } from '../../../lambdas/config';
import type { FirstSync } from '../first-sync';
import type { StartState } from '../start-state';
import { callbackUrls, emulatorUrls } from './addresses';

/** The banner of `npx frontline start --live`. */
export function liveBanner({
  urls,
  configuration: { publicBaseUrl, airtableBaseId, airtableUrl, conversationsUrl },
  tableDirectory,
  first,
}: {
  readonly urls: StartState['urls'];
  readonly configuration: Configuration;
  readonly tableDirectory: string;
  readonly first: FirstSync;
}): string {
  const url = urls.service;
  const tunnel = publicBaseUrl ?? url;
  const way =
    publicBaseUrl === null
      ? 'Twilio cannot reach them. To change that, set PUBLIC_BASE_URL to the URL of a tunnel to this machine.'
      : `Set them in the Twilio console. The tunnel ${publicBaseUrl} must forward to ${url}`;
  return `
Frontline's callbacks, with the REAL Airtable and Twilio.

  Callbacks
${callbackUrls(tunnel)}

  ${way}
  Base: ${airtableBaseId} at ${airtableUrl}. Conversations: ${conversationsUrl}

  Emulators of AWS on this machine
${emulatorUrls(urls)}

  ${describe(first)}
  Its replica and every opt-out are stored in ${tableDirectory}
  A customer's STOP reaches the base within a minute. Keep the folder: it is the proof of each opt-out.

  To try next, in another terminal
    npx frontline callback GetCustomersList Worker=you@your-company.com --url ${tunnel}
`;
}

/** Describes the result of the first sync. */
function describe({ lastPass, problem, webhookProblem }: FirstSync): string {
  const replica =
    lastPass && `${lastPass.customers} customers, as of ${new Date(lastPass.finishedAt).toString()}`;
  const changes =
    webhookProblem === null
      ? 'The service polls its webhook for changes every minute.'
      : `Changes arrive hours late, with the next full pass, because the base has no webhook: the token needs the
  scope webhook:manage, its owner must be a creator of the base, and a base has at most 10 webhooks.
  Airtable returned: ${webhookProblem}`;
  if (problem === null) return `The base was read: ${replica}\n  ${changes}`;
  const served = replica
    ? `Callbacks use the earlier replica: ${replica}`
    : 'Until then the callbacks return 503.';
  return `The base could not be read: ${problem}\n  Next try in a minute. ${served}`;
}

import type { BaseData } from '../../../emulators/airtable/airtable-emulator';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { WORKERS, type Worker } from '../../../emulators/seed/workers';
import type { FirstSync } from '../first-sync';
import type { RunningService } from '../service';
import type { RunningSecret } from '../start-secrets-manager';
import { awsUrls, callbackUrls } from './callback-urls';

/** The number of the demo customer Miles O'Brien, for the example of an inbound message. */
const CALLER = '+16285550101';

/** The banner of `npm start`. */
export function demoBanner({
  service,
  secret,
  airtableUrl,
  twilioUrl,
  base,
  file,
  openToken,
  first: { problem },
}: {
  readonly service: RunningService;
  readonly secret: RunningSecret;
  readonly airtableUrl: string;
  readonly twilioUrl: string;
  readonly base: BaseData;
  readonly file: string;
  /** The demo token, which is public; null if it is the user's own. */
  readonly openToken: string | null;
  readonly first: FirstSync;
}): string {
  const { url } = service;
  const option = url === 'http://localhost:5001' ? '' : ` --url ${url}`;
  const reading =
    problem === null
      ? 'Lists show a change in it within a second.'
      : `It could not be read: ${problem}. Next try in two seconds.`;
  return `
Frontline's callbacks, with a demo team. Nothing leaves this machine.

  Callbacks
${callbackUrls(url)}

  Emulators
    Airtable         ${airtableUrl}
    Twilio           ${twilioUrl}
${awsUrls({ secretsManager: secret.url, dynamoDb: service.dynamoDbUrl, lambda: service.lambda.url })}

  Requests are signed with ${openToken === null ? 'the AUTH_TOKEN of .env or the environment' : `the auth token ${openToken}`}

  Workers
${WORKERS.map((worker) => `    ${describe(worker, base)}`).join('\n')}

  The base is ${airtableUrl}/v0/${base.id}, with the token ${DEMO_CREDENTIALS.airtableApiKey}
  ${reading}
  The base is kept in ${file}
  npm start -- --reset restores the original data.

  To try next, in another terminal
    npx frontline callback GetCustomersList Worker=${WORKERS[1].identity}${option}
    npx frontline callback GetTemplatesByCustomerId${option}
    curl -d 'From=${CALLER}' -d 'Body=Hello' ${twilioUrl}/simulate/inbound
`;
}

function describe({ identity, friendlyName, state, isAvailable }: Worker, base: BaseData): string {
  const records = base.tables.flatMap(({ records }) => records);
  const customers = records.filter(({ fields }) => String(fields['owner']).trim() === identity).length;
  const absence = state === 'deactivated' ? ', deactivated' : isAvailable ? '' : ', not available';
  return `${identity.padEnd(24)} ${friendlyName}, ${customers} customers${absence}`;
}

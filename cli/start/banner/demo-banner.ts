import type { BaseData } from '../../../emulators/airtable/airtable-emulator';
import { DEMO_CREDENTIALS } from '../../../emulators/seed/demo-credentials';
import { WORKERS, type Worker } from '../../../emulators/seed/workers';
import type { StartState } from '../start-state';
import { callbackUrls, emulatorUrls } from './addresses';

/** The number of the demo customer Miles O'Brien, for the example of an inbound message. */
const CALLER = '+16285550101';

function pages(service: string): string {
  return `
  In a browser
    ${service}/       the workers' inbox
    ${service}/phone  a customer's phone, and the events between Twilio and the service
`;
}

/** The banner of `npm start`. */
export function demoBanner({
  urls,
  base,
  file,
  isDemoAccount,
  defaultWorkers,
  problem,
  hasInbox,
}: {
  readonly urls: StartState['urls'];
  readonly base: BaseData;
  readonly file: string;
  /** Whether the auth token is the demo token, which is public. */
  readonly isDemoAccount: boolean;
  readonly defaultWorkers: readonly string[];
  /** The reason why the base could not be read; null if it was. */
  readonly problem: string | null;
  /** Whether the port has the inbox and the customer's phone. */
  readonly hasInbox: boolean;
}): string {
  const token = isDemoAccount
    ? `the auth token ${DEMO_CREDENTIALS.authToken}`
    : 'the AUTH_TOKEN of .env or the environment';
  const reading =
    problem === null
      ? 'Lists show a change in it within a second.'
      : `It could not be read: ${problem}. Next try in two seconds.`;
  return `
Frontline's callbacks, with a demo team. Nothing leaves this machine.
${hasInbox ? pages(urls.service) : ''}
  Callbacks
${callbackUrls(urls.service)}

  Emulators
${emulatorUrls(urls)}

  Requests are signed with ${token}

  Workers
${WORKERS.map((worker) => `    ${describe(worker, base)}`).join('\n')}
  ${defaultWorkers.length === 0 ? 'Unknown callers: the workers who own customers take turns.' : `Unknown callers go to ${defaultWorkers.join(', ')}; with a blank DEFAULT_WORKER, owners take turns.`}

  The base is ${urls.airtable}/v0/${base.id}, with the token ${DEMO_CREDENTIALS.airtableApiKey}
  ${reading}
  It is stored in ${file}; npx frontline start --reset restores the original data.

  To try next, in another terminal
    npx frontline callback GetCustomersList Worker=${WORKERS[1].identity}
    npx frontline simulate inbound --from ${CALLER} --body Hello
    npx frontline logs --local --follow
`;
}

function describe({ identity, friendlyName, state, isAvailable }: Worker, base: BaseData): string {
  const records = base.tables.flatMap(({ records }) => records);
  const customers = records.filter(({ fields }) => String(fields['owner']).trim() === identity).length;
  const absence = state === 'deactivated' ? ', deactivated' : isAvailable ? '' : ', not available';
  return `${identity.padEnd(24)} ${friendlyName}, ${customers} customers${absence}`;
}

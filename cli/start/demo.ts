import { join } from 'node:path';
import { teamBase } from '../../emulators/seed/base';
import { BaseFile } from '../../emulators/seed/base-file';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import type { Environment } from '../../lambdas/config';
import { readConfiguration } from '../../lambdas/config';
import { formatProblem } from '../../lambdas/config-schema';
import { withoutMalformed } from '../settings/settings';
import { demoAccount } from './account';
import { demoBanner } from './banner/demo-banner';
import { callbackUrl } from './callbacks';
import type { Closables } from './closables';
import {
  demoSettings,
  demoWorkers,
  INBOX_EVENTS,
  startBase,
  startConversations,
  WEBHOOK_EVENTS,
} from './demo-environment';
import { type Started, startSync } from './first-sync';
import { REQUEST_RATE } from './function-environment';
import { type RunningInbox, startInbox } from './inbox/start-inbox';
import { startService } from './service';
import { startSecret } from './start-secrets-manager';
import type { FunctionLog } from './tee-output';

const WARNING = 'Warning: invalid configuration in .env, ignored by the demo:';

/** Airtable's ping delivers each change at once; the schedule covers lost pings. */
const SCHEDULE_MS = 2_000;

/** The project's folder, wherever the command is called. */
const PROJECT = join(import.meta.dirname, '..', '..');

/** The running demo, as the tests in a browser use it. */
export interface StartedDemo extends Started {
  readonly url: string;
  readonly twilio: TwilioEmulator;
  /** Null where PUBLIC_BASE_URL is set. */
  readonly inbox: RunningInbox | null;
}

/**
 * Starts the service with a demo team and local emulators of Airtable and Twilio. Loads the base from the file, if it
 * exists. The tables are in memory and filled from the base at each start.
 * @throws {BaseFileError} if the file does not contain a base
 */
export async function startDemo(
  port: number,
  environment: Environment,
  running: Closables,
  {
    directory,
    reset,
    log,
  }: { readonly directory: string; readonly reset: boolean; readonly log: FunctionLog },
): Promise<StartedDemo> {
  const file = new BaseFile(join(directory, '.frontline', 'base.json'));
  const kept = reset ? null : await file.load();
  const base = kept ?? teamBase();
  const account = demoAccount(environment);
  const { environment: usable, malformed } = withoutMalformed(environment);
  const settings = demoSettings(usable, base);
  const configuration = readConfiguration(settings);

  const airtable = running.add(await startBase(port, base, account, file));
  const twilio = running.add(await startConversations(port, account, configuration));
  const secret = running.add(await startSecret(port, account));
  // Who reaches this machine from elsewhere must not be able to sign in by a choice from a list.
  const isPublic = (environment['PUBLIC_BASE_URL'] ?? '').trim() !== '';
  const inbox = isPublic
    ? null
    : await startInbox(running, { appDirectory: join(PROJECT, 'inbox'), mediaUrl: twilio.url });
  const service = await startService(
    {
      port,
      secret,
      tableDirectory: null,
      isCalledByAirtable: true,
      baseId: base.id,
      inbox,
      settings: (url) => ({
        ...settings,
        PUBLIC_BASE_URL: url,
        AIRTABLE_ENDPOINT_URL: airtable.url,
        TWILIO_API_URL: twilio.url,
        SYNC_MINUTES: '1',
        SYNC_PING_SECONDS: '0',
        [REQUEST_RATE]: '50',
      }),
    },
    running,
  );
  await inbox?.saveWorkers(service.dynamoDbUrl, demoWorkers(configuration));
  if (kept === null) await file.save(airtable.base);
  twilio.configureWebhooks({
    preUrl: callbackUrl(service.url, 'twilio-conversations'),
    postUrl: callbackUrl(service.url, 'twilio-conversations'),
    // Where the inbox is, the service itself gives a chat its worker.
    ...(inbox === null && { routingUrl: callbackUrl(service.url, 'routing') }),
    filters: inbox === null ? WEBHOOK_EVENTS : [...WEBHOOK_EVENTS, ...INBOX_EVENTS],
  });
  const first = await startSync(service, SCHEDULE_MS, log, running);
  const banner = demoBanner({
    service,
    secret,
    airtableUrl: airtable.url,
    twilioUrl: twilio.url,
    base: airtable.base,
    file: file.path,
    openToken: account.AUTH_TOKEN === DEMO_CREDENTIALS.authToken ? account.AUTH_TOKEN : null,
    first,
  });
  const warning = [WARNING, ...malformed.map(formatProblem)].join('\n  ');
  return {
    screen: malformed.length === 0 ? banner : `${warning}\n${banner}`,
    log: first.log,
    twilio,
    inbox,
    url: service.url,
  };
}

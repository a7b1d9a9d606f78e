import { join } from 'node:path';
import { phoneCustomers } from '../../emulators/phone/phone-customers';
import { phonePages } from '../../emulators/phone/phone-pages';
import { teamBase } from '../../emulators/seed/base';
import { BaseFile } from '../../emulators/seed/base-file';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import type { TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { readConfiguration } from '../../lambdas/config';
import { formatProblem } from '../../lambdas/config-schema';
import { callbackPath, INBOX_EVENTS, POST_EVENTS, PRE_EVENTS } from '../../lambdas/twilio/callbacks';
import { withoutMalformed } from '../settings/settings';
import { demoBanner } from './banner/demo-banner';
import { demoSettings, demoWorkers, startBase, startConversations } from './demo-environment';
import { startSync } from './first-sync';
import { REQUEST_RATE, startSecret } from './function-environment';
import { letTimePass } from './inbox/let-time-pass';
import type { RunningInbox } from './inbox/start-inbox';
import { demoAccount } from './live';
import { startService } from './service';
import type { StartContext, Started } from './start-context';

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
  context: StartContext,
  { reset }: { readonly reset: boolean },
): Promise<StartedDemo> {
  const { port, environment, directory, running } = context;
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
  // A person who reaches this machine from elsewhere must not be able to sign in by a choice from a list.
  const isPublic = (environment['PUBLIC_BASE_URL'] ?? '').trim() !== '';
  const phone = phonePages({
    twilio,
    customers: () => phoneCustomers(airtable.base, configuration.defaultCountry),
    onTimePassed: letTimePass,
    after: twilio.activity.last,
  });
  const inboxOptions = { appDirectory: join(PROJECT, 'inbox'), mediaUrl: twilio.url, pages: [phone] };
  const service = await startService(
    {
      secret,
      tableDirectory: null,
      isCalledByAirtable: true,
      baseId: base.id,
      inbox: isPublic ? null : inboxOptions,
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
    context,
  );
  const { inbox } = service;
  await inbox?.saveWorkers(service.urls.dynamoDb, demoWorkers(configuration));
  if (kept === null) await file.save(airtable.base);
  twilio.configureWebhooks({
    preUrl: service.url + callbackPath('twilio-conversations'),
    postUrl: service.url + callbackPath('twilio-conversations'),
    // Where the inbox is, the service itself gives a chat its worker.
    ...(inbox === null && { routingUrl: service.url + callbackPath('routing') }),
    filters: [...PRE_EVENTS, ...POST_EVENTS, ...(inbox === null ? [] : INBOX_EVENTS)],
  });
  const first = await startSync(service, SCHEDULE_MS, context);
  const urls = { ...service.urls, airtable: airtable.url, twilio: twilio.url };
  const banner = demoBanner({
    urls,
    base: airtable.base,
    file: file.path,
    isDemoAccount: account.AUTH_TOKEN === DEMO_CREDENTIALS.authToken,
    defaultWorkers: configuration.defaultWorkers,
    problem: first.problem,
    hasInbox: inbox !== null,
  });
  const warnings = malformed.map((problem) => `Ignored in .env: ${formatProblem(problem)}`);
  return { urls, baseId: base.id, banner, warnings, log: first.log, url: service.url, twilio, inbox };
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AirtableClient, baseAddressOf } from '../airtable/airtable-client';
import { patientTransport } from '../airtable/airtable-transport';
import { AirtableWebhooks } from '../airtable/airtable-webhooks';
import { type Configuration, readConfiguration, required } from '../configuration/configuration';
import { credentialsCache } from '../credentials/container-credentials';
import { Deadline } from '../deadline/deadline';
import { systemClock } from '../http-client/clock';
import { limiterOf } from '../http-client/rate-limiter';
import { countIn } from '../http-client/send';
import type { Journal } from '../journal/journal';
import { createDynamoClient } from '../replica/dynamo-client';
import { DynamoOptOutStore } from '../replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../replica/dynamo-replica-store';
import { airtableSyncBase } from './airtable-sync-base';
import { airtableSyncWebhooks } from './airtable-sync-webhooks';
import type { SyncClock } from './clock';
import { startSyncFunction } from './start-sync';
import type { StartSync } from './sync-event';
import type { SyncParts, SyncSettings } from './sync-run';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const CREDENTIALS_MS = 10 * SECOND_MS;
/** A run has no caller who waits for it. */
const DATABASE_PATIENCE = { attempts: 6, attemptMs: 5 * SECOND_MS, connectMs: 3 * SECOND_MS };

// One client a container: it keeps its connections between runs.
let client: DynamoDBClient | undefined;

/** Everything that a run works on, as the function's environment says. */
export async function openSync(
  journal: Journal,
): Promise<{ readonly parts: SyncParts; readonly startSync: StartSync }> {
  const configuration = readConfiguration(process.env);
  const { airtableApiKey } = await credentialsCache().load(Deadline.in(CREDENTIALS_MS), (reason) =>
    journal.warn(`The credentials could not be refreshed, the old ones are used: ${String(reason)}`),
  );
  client ??= createDynamoClient(process.env, DATABASE_PATIENCE);
  const baseId = configuration.airtableBaseId;
  const clock: SyncClock = {
    now: systemClock.time,
    sleep: (milliseconds) => systemClock.pause(milliseconds),
  };
  const parts = {
    base: openBase(configuration, airtableApiKey, clock, journal),
    store: new DynamoReplicaStore({ client, table: required(configuration, 'replicaTable'), baseId }),
    optOuts: new DynamoOptOutStore({ client, table: required(configuration, 'optOutTable') }),
    clock,
    settings: settingsOf(configuration),
  };
  return { parts, startSync: startSyncFunction(required(configuration, 'syncFunction'), process.env) };
}

function openBase(configuration: Configuration, apiKey: string, clock: SyncClock, journal: Journal) {
  const access = { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey };
  const airtable = new AirtableClient(
    access,
    patientTransport({
      limiter: limiterOf(baseAddressOf(access), configuration.airtableRequestsPerSecond),
      onOutcome: countIn(journal, 'Airtable'),
    }),
  );
  return airtableSyncBase(airtable, airtableSyncWebhooks(new AirtableWebhooks(access, airtable), clock), {
    defaultCountry: configuration.defaultCountry,
    templatesView: configuration.templatesView,
    onWarning: (message) => journal.warn(message),
  });
}

function settingsOf({ webhookUrl, syncMinutes, pingSeconds, whatsappNumber }: Configuration): SyncSettings {
  return {
    webhookUrl,
    scheduleMilliseconds: syncMinutes * MINUTE_MS,
    pingMilliseconds: pingSeconds * SECOND_MS,
    guardColumns: whatsappNumber === null ? ['optOut', 'sms'] : ['optOut', 'sms', 'whatsapp'],
  };
}

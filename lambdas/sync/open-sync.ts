import { AirtableClient, baseAddressOf } from '../airtable/airtable-client';
import { patientTransport } from '../airtable/airtable-transport';
import { AirtableWebhooks } from '../airtable/airtable-webhooks';
import { type Configuration, readConfiguration, required } from '../config';
import { credentialsCache, patientDynamo } from '../container';
import type { Customer } from '../customers/customer';
import { Deadline } from '../http-client/deadline';
import { limiterOf, systemClock } from '../http-client/rate-limiter';
import { countIn } from '../http-client/send';
import { forgetChatsOf } from '../inbox/queue/tell-inbox';
import { DynamoOptOutStore } from '../replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../replica/dynamo-replica-store';
import type { RequestLog } from '../telemetry/request-log';
import { airtableSyncBase } from './airtable-sync-base';
import { airtableSyncWebhooks } from './airtable-sync-webhooks';
import type { SyncClock, SyncParts, SyncSettings } from './sync-run';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const CREDENTIALS_MS = 10 * SECOND_MS;

/** The dependencies of a run, from the function's environment. */
export async function openSync(requestLog: RequestLog): Promise<SyncParts> {
  const configuration = readConfiguration(process.env);
  const { airtableApiKey } = await credentialsCache().load(Deadline.in(CREDENTIALS_MS), (reason) =>
    requestLog.warn(`Could not refresh credentials; using the old ones: ${String(reason)}`),
  );
  const client = patientDynamo();
  const baseId = configuration.airtableBaseId;
  const clock: SyncClock = {
    now: systemClock.time,
    sleep: (milliseconds) => systemClock.pause(milliseconds),
  };
  return {
    base: openBase(configuration, airtableApiKey, clock, requestLog),
    store: new DynamoReplicaStore({ client, table: required(configuration, 'replicaTable'), baseId }),
    optOuts: new DynamoOptOutStore({ client, table: required(configuration, 'optOutTable') }),
    clock,
    settings: settingsOf(configuration),
    beforeRemoval: (customers: readonly Customer[]) => forgetChatsOf(customers, process.env),
  };
}

function openBase(configuration: Configuration, apiKey: string, clock: SyncClock, requestLog: RequestLog) {
  const access = { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey };
  const airtable = new AirtableClient(
    access,
    patientTransport({
      limiter: limiterOf(baseAddressOf(access), configuration.airtableRequestsPerSecond),
      onOutcome: countIn(requestLog, 'Airtable'),
    }),
  );
  return airtableSyncBase(airtable, airtableSyncWebhooks(new AirtableWebhooks(access, airtable), clock), {
    defaultCountry: configuration.defaultCountry,
    templatesView: configuration.templatesView,
    onWarning: (message) => requestLog.warn(message),
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

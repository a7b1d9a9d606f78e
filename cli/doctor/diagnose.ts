import { AirtableWebhooks } from '../../lambdas/airtable/airtable-webhooks';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import type { Environment } from '../../lambdas/config';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { openAirtable, type Pacing } from '../airtable/rate-limited-base';
import { lookUpAws, noStack } from '../aws/cached-lookups';
import { stackOutputs } from '../aws/deployed-stack';
import { deployedStores, noReplica } from '../aws/deployed-stores';
import { listOptOuts } from '../opt-outs/list-opt-outs';
import { readSettings, type Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { accessOf, openTwilioAccount } from '../twilio/twilio-account';
import { airtableChecks } from './airtable-checks';
import { showReport, summary } from './check-report';
import { configurationCheck } from './configuration-check';
import { TeamData } from './data/team-data';
import { dataChecks } from './data-checks';
import type { HealthCheck } from './health-check';
import { memoize } from './memoize';
import { probeChecks } from './probe-checks';
import type { ReplicaLook } from './replica/replica-look';
import { replicaChecks } from './replica-checks';
import { replicaDataChecks } from './replica-data-checks';
import { rollbackChecks } from './rollback-checks';
import { type CheckReport, hasFailures, runChecks } from './run-checks';
import { stackChecks } from './stack-checks';
import { twilioChecks } from './twilio-checks';

/** The doctor's surroundings and its request rate. */
export interface Diagnosis {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  readonly pacing: Pacing;
  /** Whether only the checks before a rollback to a version without a replica run. */
  readonly beforeRollback?: boolean;
}

/** Runs the doctor, one line per check. @returns whether no check failed */
export async function diagnose({
  screen,
  ...diagnosis
}: Diagnosis & { readonly screen: ConsoleOutput }): Promise<boolean> {
  const reports = await examineService(diagnosis, (one) => showReport(one, screen));
  screen.line(`\n${summary(reports)}`);
  return !hasFailures(reports);
}

/** Runs all checks, in the order of setup. */
export function examineService(
  { environment, pacing, beforeRollback = false }: Diagnosis,
  onResult: (reports: CheckReport) => void,
): Promise<readonly CheckReport[]> {
  const aws = lookUpAws();
  const settings = (): Settings => readSettings(environment);
  const outputs = async () => {
    const stack = await aws.stack();
    if (stack === null) throw noStack();
    return stackOutputs(stack);
  };
  const secret = async () => (await aws.secret()).credentials;
  const base = () => {
    const { configuration, airtableApiKey: apiKey } = settings();
    return { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey };
  };
  const airtable = memoize(() => openAirtable(base(), pacing));
  const openData = memoize(() => new TeamData(settings(), pacing));
  const stores = memoize(async () => {
    const stack = await aws.stack();
    if (stack === null) throw noStack();
    const found = deployedStores(stack, settings().configuration);
    if (found === null) throw noReplica();
    return found;
  });
  const openReplica = async (): Promise<ReplicaLook> => {
    const { replica, optOuts, customers } = await stores();
    const publicUrl = settings().configuration.publicBaseUrl ?? (await outputs()).apiUrl;
    return {
      replica,
      optOuts,
      countTemplates: async () => (await customers.listTemplates()).length,
      webhookUrl: `${publicUrl}${AIRTABLE_WEBHOOK_PATH}`,
    };
  };
  const foundations: readonly HealthCheck[] = [
    configurationCheck(settings),
    ...airtableChecks({ settings, pacing }),
    ...stackChecks({ settings, aws }),
  ];
  const rollback = rollbackChecks({
    open: openReplica,
    listOptOuts: async () => listOptOuts(await stores()),
    openData,
  });
  if (beforeRollback) {
    const needed = new Set(rollback.flatMap(({ dependsOn }) => dependsOn));
    return runChecks(
      [...foundations.filter(({ id }) => needed.has(id)), ...rollback],
      onResult,
      pacing.signal,
    );
  }
  const checks: readonly HealthCheck[] = [
    ...foundations,
    ...twilioChecks({
      settings,
      secret,
      callbackUrl: async () => (await outputs()).callbackUrls['twilio-conversations'],
    }),
    ...replicaChecks({
      settings,
      open: openReplica,
      listWebhooks: () => new AirtableWebhooks(base(), airtable()).listWebhooks(),
      missingColumns: (columns) => airtable().missingFields(CUSTOMERS, columns),
      now: Date.now,
    }),
    ...probeChecks({ settings, outputs, listOwners: async () => (await stores()).customers.listOwners() }),
    ...replicaDataChecks({ open: openReplica, openData, now: Date.now }),
    ...dataChecks({
      openData,
      frontlineUserState: (identity) => openTwilioAccount(accessOf(settings())).frontlineUserState(identity),
      findContent: (sid) => openTwilioAccount(accessOf(settings())).findContent(sid),
    }),
  ];
  return runChecks(checks, onResult, pacing.signal);
}

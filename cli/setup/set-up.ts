import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import type { Environment } from '../../lambdas/config';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { requiredColumns } from '../airtable/expected-schema';
import { airtableStep } from '../airtable/plan-airtable';
import { openAirtable } from '../airtable/rate-limited-base';
import { awsStep } from '../aws/aws-step';
import { deployedUrls, isStackAbsent } from '../aws/deployed-stack';
import { deploymentOf } from '../aws/deployment';
import { diagnose } from '../doctor/diagnose';
import { readCsvFile } from '../import/csv-file';
import { importFile, previewImport } from '../import/import-customers';
import { type Approval, applyPlan, NOTHING_CHANGED } from '../plan/apply';
import type { ManualStep, Reconciler } from '../plan/plan';
import { isInboxOn, readSettings, type Settings } from '../settings/settings';
import { readSettingsPlace, type SettingsPlace } from '../settings/settings-place';
import type { ConsoleOutput } from '../terminal/console-output';
import { oneAtATime } from '../terminal/process-lock';
import { quoteForShell } from '../terminal/quote-for-shell';
import { routingOf } from '../twilio/routing';
import { accessOf, openTwilioAccount } from '../twilio/twilio-account';
import { messagingStep, twilioStep } from '../twilio/twilio-parts';
import { showLeft } from './manual-steps';
import { type CollectedValues, collectValues } from './prompt-for-config';
import { setUpInbox, showInbox, turnInboxOn } from './set-up-inbox';
import { setUpReplica } from './set-up-replica';
import { stages } from './setup-prompts';
import { usesFrontline } from './uses-frontline';

/** Where a setup runs, and how. */
export interface Setup {
  readonly options: {
    readonly sampleRows: boolean;
    readonly replaceExisting: boolean;
    readonly importFile: string | null;
    /** Whether the inbox is to be turned on, if it is not on already. */
    readonly inbox: boolean;
  };
  /** The project's folder, which contains `.env`. */
  readonly directory: string;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
}

/**
 * Sets the service up from any state: each part is checked, correct parts are left, and missing ones are created.
 * @returns the exit status: 0 if everything is set up in the end.
 * @throws {ConfigurationError} if values are missing or invalid, or another setup runs here at the moment
 */
export function setUp(place: Setup): Promise<number> {
  const { approval, directory } = place;
  return approval.kind === 'dry-run' ? setUpParts(place) : oneAtATime(directory, () => setUpParts(place));
}

async function setUpParts(place: Setup): Promise<number> {
  const { options, directory, screen, approval, signal } = place;
  const isDryRun = approval.kind === 'dry-run';
  // A file that cannot be read is found before the first prompt.
  if (options.importFile !== null) await readCsvFile(options.importFile);
  const { environment, warnings } = await collectSettings(place);
  const settings = readSettings(environment);
  const apply = (step: Reconciler) => applyPlan(step, screen, approval, signal);

  const airtable = await apply(airtableStep({ settings, sampleRows: options.sampleRows }));
  const importStatus = await importInto(settings, place);
  const lacking = isDryRun ? [] : await lackingColumns(settings, signal);
  if (lacking.length > 0) return refuseToDeploy(lacking, screen);
  const deployment = deploymentOf(settings, directory);
  const aws = await apply(awsStep(settings, deployment));
  const replica = await setUpReplica({ settings, screen, approval, signal });
  const inbox = settings.inbox.isOn
    ? await setUpInbox({ settings, deployment, isServiceReady: aws.isComplete }, place)
    : [];
  const deployed = await deployedUrls();
  const twilio = await setUpTwilio(settings, deployed, place);
  const hasFrontline = await usesFrontline(settings);
  const urls = hasFrontline ? deployed : null;
  if (isDryRun) {
    if (urls !== null) showLeft([], urls, screen);
    screen.line(NOTHING_CHANGED);
    return importStatus;
  }
  screen.heading('Doctor');
  signal.throwIfAborted();
  const isHealthy = await diagnose({ environment, screen, pacing: { signal } });
  const left = [...warnings, ...airtable.left, ...aws.left, ...replica, ...inbox, ...twilio];
  const later = laterSteps(settings, { isHealthy, hasFrontline, isDeployedNow: aws.outcome === 'applied' });
  showLeft([...left, ...later], urls, screen);
  if (settings.inbox.isOn) await showInbox(screen);
  return isHealthy ? importStatus : 1;
}

/** Prompts for what is missing in `.env`, and turns the inbox on. */
async function collectSettings(place: Setup): Promise<CollectedValues> {
  const { options, directory, screen, approval, signal } = place;
  const files = await readSettingsPlace(directory);
  const inbox = options.inbox || isInboxOn(files.environment);
  const prompts = stages({ tryWriting: approval.kind !== 'dry-run', inbox });
  const collected = await collectValues(prompts, { ...files, screen, approval });
  const settings = readSettings(collected.environment);
  if (!options.inbox && !settings.inbox.isOn) return collected;
  const routing = () => routingOf(openTwilioAccount(accessOf(settings)));
  const environment = await turnInboxOn(
    { ...files, environment: collected.environment, routing },
    { screen, approval, signal },
  );
  const chosen = await chooseMessagingService({ ...files, environment }, place);
  return { environment: chosen.environment, warnings: [...collected.warnings, ...chosen.left] };
}

/** Plans the messaging service before the deployment, because its SID is a setting of the functions. */
async function chooseMessagingService(
  { environment, envFile, template }: Pick<SettingsPlace, 'environment' | 'envFile' | 'template'>,
  { options, screen, approval, signal }: Setup,
): Promise<{ readonly environment: Environment; readonly left: readonly ManualStep[] }> {
  const settings = readSettings(environment);
  if (!settings.inbox.isOn) return { environment, left: [] };
  let saved: Environment = {};
  const step = messagingStep({
    settings,
    replaceExisting: options.replaceExisting,
    saveSettings: async (values) => {
      await envFile.set(values, template);
      saved = values;
    },
  });
  const { left } = await applyPlan(step, screen, approval, signal);
  return { environment: { ...environment, ...saved }, left };
}

/** @returns the exit status of the import; 0 if there is no file. */
async function importInto(settings: Settings, { options, screen, approval, signal }: Setup): Promise<number> {
  const { importFile: file } = options;
  if (file === null) return 0;
  const command = { settings, screen, signal };
  const status = await (approval.kind === 'dry-run'
    ? previewImport(file, command)
    : importFile(file, command));
  screen.detail(
    screen.dim(`npx frontline import ${quoteForShell(file)} does the same without the rest of setup`),
  );
  return status;
}

/** @returns what is left for a person. */
async function setUpTwilio(
  settings: Settings,
  urls: Awaited<ReturnType<typeof deployedUrls>>,
  { options, screen, approval, signal }: Setup,
): Promise<readonly ManualStep[]> {
  if (urls === null && approval.kind !== 'dry-run') {
    screen.heading('Twilio');
    screen.skip(
      'Skipped, because no stack is deployed yet: run npx frontline setup again after the deployment',
    );
    return [{ what: 'The stack is not deployed', fix: 'Run npx frontline setup again once AWS can be used' }];
  }
  const callbackUrl = urls?.['twilio-conversations'] ?? null;
  const step = twilioStep({
    settings,
    callbackUrl,
    isInboxStackAbsent: () => isStackAbsent(INBOX_STACK_NAME),
    replaceExisting: options.replaceExisting,
  });
  return (await applyPlan(step, screen, approval, signal)).left;
}

interface Outcome {
  readonly isHealthy: boolean;
  readonly hasFrontline: boolean;
  /** Whether this run has changed something at AWS. */
  readonly isDeployedNow: boolean;
}

/** Steps that no plan shows. */
function laterSteps(
  { alarmEmail }: Settings,
  { isHealthy, hasFrontline, isDeployedNow }: Outcome,
): readonly ManualStep[] {
  return [
    ...(isHealthy
      ? []
      : [
          {
            what: 'Some checks of the doctor failed',
            fix: 'Fix what is marked ✗ above, then npx frontline doctor',
          },
        ]),
    ...(alarmEmail !== null && isDeployedNow
      ? [
          {
            what: `Confirm the subscription to alarms that AWS sent to ${alarmEmail}`,
            fix: 'Without it there are no alarm notifications',
          },
        ]
      : []),
    ...(hasFrontline
      ? [
          {
            what: 'If your workers cannot sign in to Frontline yet: set up single sign-on',
            fix: 'npx frontline okta does it for Okta',
          },
        ]
      : []),
  ];
}

/** The columns that sync requires and that the base still lacks after setup created all it could. */
async function lackingColumns(
  { configuration, airtableApiKey: apiKey }: Settings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  const airtable = openAirtable({ url, baseId, apiKey }, { signal });
  const required = requiredColumns(configuration);
  try {
    return await airtable.missingFields(CUSTOMERS, required);
  } catch (error) {
    // The table is missing, for example because its creation was declined.
    if (error instanceof GoneOrForbiddenError) return required;
    throw error;
  }
}

/**
 * Ends a setup before it deploys: without these columns, no customer would seem to have opted out, so that sync
 * would refuse to read the base.
 */
function refuseToDeploy(columns: readonly string[], screen: ConsoleOutput): number {
  screen.heading('AWS');
  screen.fail(
    `Not deployed, because ${CUSTOMERS} has no column ${columns.join(', ')}: a missing column looks like a blank cell, so opt-outs or numbers would be lost`,
    'Fix the column as described under Airtable, and run npx frontline setup again',
  );
  return 1;
}

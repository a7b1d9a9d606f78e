import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import { withDotEnv } from '../../lib/dot-env';
import { airtableStep } from '../airtable/plan-airtable';
import { openAirtable } from '../airtable/rate-limited-base';
import { requiredColumns } from '../airtable/required-columns';
import { awsStep } from '../aws/aws-step';
import { deployedUrls } from '../aws/deployed-urls';
import { diagnose } from '../doctor/diagnose';
import { type Approval, applyPlan } from '../plan/apply';
import { EnvFile } from '../settings/env-file';
import { readSettings, type Settings } from '../settings/settings';
import type { ConsoleOutput } from '../terminal/console-output';
import { twilioStep } from '../twilio/twilio-step';
import { importFile, showImport } from './import-file';
import { consoleFields, consoleList } from './manual-steps';
import { collectValues } from './prompt-for-config';
import { setUpReplica } from './set-up-replica';
import { oneAtATime } from './setup-lock';
import { stages } from './stages';

/** Where a setup runs, and how. */
export interface SetUp {
  readonly options: {
    readonly sampleRows: boolean;
    readonly replaceExisting: boolean;
    readonly importFile: string | null;
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
export function setUp(place: SetUp): Promise<number> {
  const { approval, directory } = place;
  return approval.kind === 'dry-run' ? setUpParts(place) : oneAtATime(directory, () => setUpParts(place));
}

async function setUpParts({ options, directory, screen, approval, signal }: SetUp): Promise<number> {
  const isDryRun = approval.kind === 'dry-run';
  const environment = await collectValues(stages({ tryWriting: !isDryRun }), {
    environment: withDotEnv(directory, process.env),
    exported: new Set(Object.keys(process.env)),
    envFile: new EnvFile(join(directory, '.env')),
    template: await readFile(join(directory, '.env.example'), 'utf8'),
    screen,
    approval,
  });
  const settings = readSettings(environment);

  await applyPlan(airtableStep({ settings, sampleRows: options.sampleRows }), screen, approval, signal);
  const isImported = options.importFile === null || (await importCustomers(options.importFile));
  const lacking = isDryRun ? [] : await lackingColumns(settings, signal);
  if (lacking.length > 0) return refuseToDeploy(lacking, screen);
  const { optOutTable } = settings.configuration;
  await applyPlan(awsStep({ settings, optOutTable, directory }), screen, approval, signal);
  await setUpReplica({ settings, screen, approval, signal });
  const urls = await deployedUrls();
  if (urls === null && !isDryRun) {
    screen.heading('Twilio');
    screen.skip('Skipped, because no stack is deployed yet: run npm run setup again after the deployment');
  } else {
    const callbackUrl = urls?.['twilio-conversations'] ?? null;
    const twilio = twilioStep({ settings, callbackUrl, replaceExisting: options.replaceExisting });
    await applyPlan(twilio, screen, approval, signal);
  }
  if (urls !== null) {
    screen.heading('Paste into the Twilio console (no API can set these fields)');
    screen.line(consoleList(consoleFields(urls)));
  }
  if (isDryRun) {
    screen.line('\nDry run: nothing was changed.');
    return 0;
  }
  screen.heading('Doctor');
  signal.throwIfAborted();
  const isRight = await diagnose({ environment, screen, pacing: { signal } });
  return isRight && isImported ? 0 : 1;

  async function importCustomers(file: string): Promise<boolean> {
    if (!isDryRun) return importFile({ file, settings, screen, signal });
    await showImport({ file, settings, screen, signal });
    return true;
  }
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
    'Fix the column as described under Airtable, and run npm run setup again',
  );
  return 1;
}

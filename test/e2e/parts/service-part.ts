import { deepEqual } from 'node:assert/strict';
import { AllSettings } from '../../../lib/settings-schema';
import {
  checkCrm,
  checkOutgoingConversation,
  checkRefusals,
  checkRouting,
  checkTemplates,
  checkTwilioConversations,
  checkWithoutCredentials,
} from '../callback-checks';
import { checkGone, checkLogs, checkOutputs, checkTemplate, checkWatching } from '../cloud-checks';
import { bootstrap, cdkAgainst, DeployedStack } from '../deployed-stack';
import { startTeamAirtable, startTeamTwilio } from '../emulated-team';
import { startFrontDoor } from '../front-door';
import type { Place } from '../place';
import {
  checkChanges,
  checkFirstPass,
  checkForgedPings,
  checkKilledRun,
  checkOutage,
  checkRenamedColumn,
  checkRetainedOptOuts,
  syncOf,
} from '../replica-checks';
import { deleteKeptTables, itemsOf } from '../tables';
import { CONFIGURATION, CREDENTIALS } from '../team';

/** The stack as `npx cdk deploy` brings it up, used as Twilio and Airtable use it. */
export async function useService(place: Place): Promise<void> {
  const { report, folder, cloud, cfnLint, signal, closing } = place;
  report.step('Deploy by hand');
  const airtable = await startTeamAirtable();
  closing.push(airtable.close);
  const twilio = await startTeamTwilio();
  closing.push(twilio.close);
  const frontDoor = await startFrontDoor(cloud);
  closing.push(frontDoor.close);
  const settings = {
    // Set to nothing if not configured, so that a developer's own .env has no effect.
    ...Object.fromEntries(Object.keys(AllSettings.entries).map((name) => [name, ''])),
    ...CONFIGURATION,
    ALARM_EMAIL: 'alarms@example.com',
    PUBLIC_BASE_URL: frontDoor.url,
    AIRTABLE_ENDPOINT_URL: airtable.url,
    TWILIO_API_URL: twilio.url,
    // As often as the schedule can, and without a pause between two runs, so that checks wait less.
    SYNC_MINUTES: '1',
    SYNC_PING_SECONDS: '0',
  };
  const cdk = cdkAgainst(cloud, folder, settings, signal);
  await bootstrap(cdk);
  const stack = await DeployedStack.deploy(cdk, place, frontDoor.url);
  await checkOutputs(report, stack);
  const scene = { report, stack, airtable, twilio };
  // Until it is on again, only callbacks and pings start runs.
  const sync = syncOf(scene);
  await sync.setSchedule('DISABLED');

  report.step('Call it while the secret is empty');
  await checkWithoutCredentials(scene);

  report.step('Fill the secret, and call it as Twilio does');
  await sync.waitUntilIdle(signal);
  await stack.fillSecret(CREDENTIALS);
  await checkRefusals(scene);
  await checkFirstPass(scene, signal);
  await checkCrm(scene);
  await checkOutgoingConversation(scene);
  await checkTemplates(scene);
  await checkRouting(scene);
  await checkTwilioConversations(scene, signal);

  report.step('Change the base, take Airtable away, end a run half way');
  await checkChanges(scene, signal);
  await sync.setSchedule('ENABLED');
  await checkForgedPings(scene);
  await checkOutage(scene, signal);
  await checkRenamedColumn(scene, signal);
  await checkKilledRun(scene, signal);

  report.step('Look at the logs, the alarms and the template');
  await checkLogs(report, cloud);
  await checkWatching(report, cloud);
  await checkTemplate(report, cfnLint, { cdk, folder }, signal);

  report.step('Destroy');
  await report.check('cdk destroy succeeds', () => cdk('destroy', '--force'));
  await checkGone(report, cloud);

  report.step('Deploy again, on the opt-outs of before');
  const { OptOutTableName, InboxTableName } = stack.outputs;
  const kept = await itemsOf(cloud, OptOutTableName);
  const tables = { OPT_OUT_TABLE_NAME: OptOutTableName, INBOX_TABLE_NAME: InboxTableName };
  const again = cdkAgainst(cloud, folder, { ...settings, ...tables }, signal);
  const redeployed = await DeployedStack.deploy(again, place, frontDoor.url);
  await report.check('the deployment leaves the opt-outs as they are', async () => {
    deepEqual(await itemsOf(cloud, OptOutTableName), kept);
  });
  await redeployed.fillSecret(CREDENTIALS);
  await checkRetainedOptOuts({ ...scene, stack: redeployed }, signal);
  await report.check('cdk destroy succeeds again', () => again('destroy', '--force'));
  await deleteKeptTables(cloud);
}

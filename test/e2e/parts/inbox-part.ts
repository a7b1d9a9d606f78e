import { checkAttacks } from '../deployed-inbox/attacks';
import { startDeployedInbox } from '../deployed-inbox/deployed-inbox';
import { checkJourney } from '../deployed-inbox/journey';
import { checkPrivacy } from '../deployed-inbox/privacy';
import { checkInboxSetUp } from '../deployed-inbox/set-up-checks';
import { checkInboxTeardown } from '../deployed-inbox/teardown';
import { checkUpgrade } from '../deployed-inbox/upgrade';
import type { Place } from '../place';

/** The inbox as an operator sets it up and workers use it, on an account without Frontline. */
export async function useInbox(place: Place): Promise<void> {
  const { report, cloud } = place;
  report.step('Set up the inbox');
  const inbox = await startDeployedInbox(place);
  await checkInboxSetUp(report, inbox);
  const outputs = await inbox.outputs();

  report.step("A worker's day");
  const { ana, removed } = await checkJourney(report, inbox, outputs);

  report.step('Attack the inbox');
  await checkAttacks(report, inbox, outputs, cloud, removed);

  await checkPrivacy(report, inbox, cloud, ana);

  report.step('Upgrade it, and take it down');
  await checkUpgrade(report, inbox, outputs, ana);
  await checkInboxTeardown(report, inbox, cloud);
}

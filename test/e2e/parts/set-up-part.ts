import { checkDoctor } from '../doctor-checks';
import type { Place } from '../place';
import {
  checkDryRun,
  checkKilledSetUp,
  checkLogsCommand,
  checkPace,
  checkSameState,
  checkSetUp,
  checkSetUpAgain,
  checkTeardown,
} from '../set-up-checks';
import { startSetUpWorld, stateOf } from '../set-up-world';
import { deleteKeptTables } from '../tables';

/** Setup, killed after each of its changes. @returns the resulting state of Airtable and Twilio. */
export async function setUpByKills({ report, folder, cloud, signal, closing }: Place): Promise<unknown> {
  report.step('Set up, killed again and again');
  const world = await startSetUpWorld('killed', folder, cloud, signal);
  closing.push(world.close);
  await checkDryRun(report, world);
  await checkKilledSetUp(report, world, cloud);
  await checkPace(report, world);
  const left = stateOf(world);
  await checkTeardown(report, world);
  await deleteKeptTables(cloud);
  return left;
}

/** Setup in one go, and the doctor over every fault that the result can have. */
export async function setUpAndDiagnose(
  { report, folder, cloud, signal, closing }: Place,
  leftByKills: unknown,
): Promise<void> {
  report.step('Set up in one go');
  const world = await startSetUpWorld('in-one-go', folder, cloud, signal, { hasLimit: false });
  closing.push(world.close);
  await checkSetUp(report, world);
  await checkSameState(report, leftByKills, stateOf(world));

  report.step('Break it, and see what the doctor says');
  await checkDoctor(report, world, cloud, signal);

  report.step('Read the logs');
  await checkLogsCommand(report, world);

  report.step('Take it down, and set it up again on the opt-outs of before');
  await checkTeardown(report, world);
  await checkSetUpAgain(report, world, cloud);
}

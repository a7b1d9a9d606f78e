import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument } from 'commander';
import { runProgram } from '../../cli/terminal/run-program';
import { startMiniStack } from './ministack';
import { beginImport, endImport } from './parts/import-part';
import { useInbox } from './parts/inbox-part';
import { useService } from './parts/service-part';
import { setUpAndDiagnose, setUpByKills } from './parts/set-up-part';
import type { Closing, Place } from './place';
import { installPythonTools, type PythonTools } from './python-tools';
import { Report } from './report';

const PARTS = ['setup', 'service', 'inbox'] as const;

// The functions run on a newer Node than a developer may have; the SDK's warning about that is not a finding.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

await runProgram(process.argv.slice(2), (program, signal) => {
  program
    .name('npm run test:e2e --')
    .description(
      'Deploys the real stack with the real CDK command line to an emulated AWS on this machine, and uses it as Twilio ' +
        'does. All external services are emulators; the functions reach them by the endpoint variables. Needs no account. ' +
        'The stack is also set up, checked by the doctor, and torn down with the commands that a person types.',
    )
    .addArgument(new Argument('[parts...]', 'without any: all of them').choices(PARTS))
    .action(async (asked: readonly string[]) => {
      process.exitCode = (await runAndClose(asked, signal)) ? 0 : 1;
      signal.throwIfAborted();
    });
});

/** Runs parts, and closes what they started also if they fail or are interrupted. @returns whether all passed */
async function runAndClose(asked: readonly string[], signal: AbortSignal): Promise<boolean> {
  const report = new Report(signal);
  const closing: Closing = [];
  // Work in the background ends by an interruption as well; there is no one to report that to.
  process.on('unhandledRejection', (error) => {
    if (!signal.aborted) report.fail('A failure without a check', error);
  });
  try {
    await endToEnd(asked, report, closing, signal);
  } catch (error) {
    if (!signal.aborted) report.fail('The run ended early', error);
  }
  for (const close of closing.reverse()) {
    await close().catch((error: unknown) => report.fail('Something was left behind', error));
  }
  return report.close();
}

async function endToEnd(
  asked: readonly string[],
  report: Report,
  closing: Closing,
  signal: AbortSignal,
): Promise<void> {
  const isAsked = (part: (typeof PARTS)[number]) => asked.length === 0 || asked.includes(part);
  const folder = await mkdtemp(join(tmpdir(), 'frontline-e2e-'));
  closing.push(() => rm(folder, { recursive: true, maxRetries: 5 }));

  report.step('Prepare the tools (.venv)');
  const tools = await installPythonTools(folder, signal);

  report.step(`Start AWS; functions run on Node ${tools.node.version}`);
  const cloud = await startMiniStack(tools, join(folder, 'ministack'), signal);
  closing.push(cloud.close);
  const place = { report, folder, cloud, cfnLint: tools.cfnLint, python: tools.python, signal, closing };

  const importing = isAsked('setup') ? await beginImport(place) : null;
  const leftByKills = isAsked('setup') ? await setUpByKills(place) : null;
  // The service's checks wait for schedules and time-outs most of the time.
  const inbox = isAsked('inbox') ? useInboxAside(place, tools, isAsked('service')) : null;
  try {
    if (isAsked('service')) await useService(place);
  } finally {
    (await inbox)?.();
  }
  if (isAsked('setup')) await setUpAndDiagnose(place, leftByKills);
  if (importing !== null) await endImport(place, importing);
}

/**
 * Uses the inbox; beside other work in an account of its own, because the names of the stacks are fixed.
 * @param isAside whether something else is reported at the same time
 * @returns prints what was reported, if it was not yet
 */
async function useInboxAside(place: Place, tools: PythonTools, isAside: boolean): Promise<() => void> {
  const { folder, signal, closing } = place;
  const { aside, join: print } = place.report.aside();
  const report = isAside ? aside : place.report;
  const anotherCloud = async () => {
    const cloud = await startMiniStack(tools, join(folder, 'ministack-inbox'), signal);
    closing.push(cloud.close);
    return cloud;
  };
  try {
    await useInbox({ ...place, report, cloud: isAside ? await anotherCloud() : place.cloud });
  } catch (error) {
    if (!signal.aborted) report.fail("The inbox's part ended early", error);
  }
  return isAside ? print : () => {};
}

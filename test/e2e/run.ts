/**
 * Deploys the real stack with the real CDK command line to an emulated AWS on this machine, and uses it as Twilio does.
 * All external services are emulators; the functions reach them by the endpoint variables. Needs no account. The stack
 * is also set up, checked by the doctor, and torn down with the commands that a person types.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMiniStack } from './ministack';
import { beginImport, endImport } from './parts/import-part';
import { useService } from './parts/service-part';
import { setUpAndDiagnose, setUpByKills } from './parts/set-up-part';
import type { Closing } from './place';
import { installPythonTools } from './python-tools';
import { Report } from './report';

// The functions run on a newer Node than a developer may have; the SDK's warning about that is not a finding.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const stop = new AbortController();
const report = new Report(stop.signal);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stop.abort(new Error(`${name} was received`)));
}

const closing: Closing = [];
try {
  await endToEnd(stop.signal);
} catch (error) {
  report.fail('The run ended early', stop.signal.aborted ? stop.signal.reason : error);
} finally {
  for (const close of closing.reverse()) {
    await close().catch((error: unknown) => report.fail('Something was left behind', error));
  }
}
process.exitCode = report.close() ? 0 : 1;

async function endToEnd(signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'frontline-e2e-'));
  closing.push(() => rm(folder, { recursive: true }));

  report.step('Prepare the tools (.venv)');
  const tools = await installPythonTools(signal);

  report.step(`Start AWS; functions run on Node ${tools.node.version}`);
  const cloud = await startMiniStack(tools, join(folder, 'ministack'), signal);
  closing.push(cloud.close);
  const place = { report, folder, cloud, cfnLint: tools.cfnLint, signal, closing };

  const importing = await beginImport(place);
  const leftByKills = await setUpByKills(place);
  await useService(place);
  await setUpAndDiagnose(place, leftByKills);
  await endImport(place, importing);
}

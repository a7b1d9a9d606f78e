/**
 * Deploys the real stack with the real CDK command line to an emulated AWS on this machine, and uses it as Twilio
 * does. Everything outside is a stand-in; the functions reach it by the endpoint variables. Needs no account.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_VARIABLES } from '../../lambdas/configuration/configuration';
import {
  checkCrm,
  checkOutgoingConversation,
  checkRefusals,
  checkRouting,
  checkTemplates,
  checkTwilioConversations,
  checkWithoutCredentials,
} from './callback-checks';
import { checkGone, checkLogs, checkOutputs, checkTemplate } from './cloud-checks';
import { bootstrap, cdkAgainst, DeployedStack } from './deployed-stack';
import { startMiniStack } from './ministack';
import { installPythonTools } from './python-tools';
import { Report } from './report';
import { startTeamAirtable, startTeamTwilio } from './stand-ins';
import { CONFIGURATION, CREDENTIALS } from './team';

// The functions run on a newer Node than a developer may have; the SDK's word about that is no finding.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const stop = new AbortController();
const report = new Report(stop.signal);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stop.abort(new Error(`${name} was received`)));
}

const closing: (() => Promise<void>)[] = [];
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

  report.step('Start AWS, Airtable and Twilio');
  const cloud = await startMiniStack(tools.ministack, join(folder, 'ministack'), signal);
  closing.push(cloud.close);
  const airtable = await startTeamAirtable();
  closing.push(airtable.close);
  const twilio = await startTeamTwilio();
  closing.push(twilio.close);

  report.step('Deploy');
  const cdk = cdkAgainst(
    cloud,
    folder,
    {
      // Set to nothing where not configured, so that a developer's own .env has no say.
      ...Object.fromEntries([...FUNCTION_VARIABLES, 'SSO_REALM_SID'].map((name) => [name, ''])),
      ...CONFIGURATION,
      AIRTABLE_ENDPOINT_URL: airtable.url,
      TWILIO_API_URL: twilio.url,
    },
    signal,
  );
  await bootstrap(cdk, cloud);
  const stack = await DeployedStack.deploy(cdk, cloud, folder, signal);
  await checkOutputs(report, stack);
  const scene = { report, stack, airtable, twilio };

  report.step('Call it while the secret is empty');
  await checkWithoutCredentials(scene);

  report.step('Fill the secret, and call it as Twilio does');
  await stack.fillSecret(CREDENTIALS);
  await checkRefusals(scene);
  await checkCrm(scene);
  await checkOutgoingConversation(scene);
  await checkTemplates(scene);
  await checkRouting(scene);
  await checkTwilioConversations(scene);

  report.step('Look at the logs and the template');
  await checkLogs(report, cloud);
  await checkTemplate(report, tools.cfnLint, folder, signal);

  report.step('Destroy');
  await report.check('cdk destroy succeeds', () => cdk('destroy', '--force'));
  await checkGone(report, cloud);
}

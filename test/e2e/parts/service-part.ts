import { FUNCTION_VARIABLES } from '../../../lambdas/configuration/configuration';
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
import type { Place } from '../place';
import { startTeamAirtable, startTeamTwilio } from '../stand-ins';
import { CONFIGURATION, CREDENTIALS } from '../team';

/** The stack as `npx cdk deploy` brings it up, used as Twilio uses it. */
export async function useService({ report, folder, cloud, cfnLint, signal, closing }: Place): Promise<void> {
  report.step('Deploy by hand');
  const airtable = await startTeamAirtable();
  closing.push(airtable.close);
  const twilio = await startTeamTwilio();
  closing.push(twilio.close);
  const cdk = cdkAgainst(
    cloud,
    folder,
    {
      // Set to nothing where not configured, so that a developer's own .env has no say.
      ...Object.fromEntries([...FUNCTION_VARIABLES, 'SSO_REALM_SID'].map((name) => [name, ''])),
      ...CONFIGURATION,
      ALARM_EMAIL: 'alarms@example.com',
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

  report.step('Look at the logs, the alarms and the template');
  await checkLogs(report, cloud);
  await checkWatching(report, cloud);
  await checkTemplate(report, cfnLint, { cdk, folder }, signal);

  report.step('Destroy');
  await report.check('cdk destroy succeeds', () => cdk('destroy', '--force'));
  await checkGone(report, cloud);
}

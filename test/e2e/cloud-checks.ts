import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLogGroups, logsByGroup, stackLogGroups } from './cloud-logs';
import { run } from './command';
import type { Cdk, DeployedStack } from './deployed-stack';
import type { MiniStack } from './ministack';
import type { Report } from './report';
import { tableNames } from './tables';
import { CREDENTIALS, JANE, OMAR, SEAN } from './team';

/** The output that `cdk deploy` prints. */
export async function checkOutputs(report: Report, { outputs, publicUrl }: DeployedStack): Promise<void> {
  const { ApiUrl, CredentialsSecretArn, AlarmTopicArn, DashboardUrl, ...named } = outputs;
  const { ReplicaTableName, OptOutTableName, SyncFunctionName, ...further } = named;
  const { InboxTableName, InboxQueueUrl, ...callbackUrls } = further;
  await report.check('cdk deploy puts out the address of every callback, and the secret to fill', () => {
    deepEqual(callbackUrls, {
      CrmCallbackUrl: `${publicUrl}/callbacks/crm`,
      OutgoingConversationCallbackUrl: `${publicUrl}/callbacks/outgoing-conversation`,
      RoutingCallbackUrl: `${publicUrl}/callbacks/routing`,
      TemplatesCallbackUrl: `${publicUrl}/callbacks/templates`,
      TwilioConversationsCallbackUrl: `${publicUrl}/callbacks/twilio-conversations`,
    });
    match(CredentialsSecretArn, /^arn:aws:secretsmanager:/);
    match(AlarmTopicArn, /^arn:aws:sns:/);
    match(DashboardUrl, /^https:.*dashboards/);
    match(ApiUrl, /^https?:/);
    match(ReplicaTableName, /Replica/);
    equal(OptOutTableName, 'FrontlineAirtable-OptOuts');
    equal(SyncFunctionName, 'FrontlineAirtable-sync');
    equal(InboxTableName, 'FrontlineAirtable-Inbox');
    match(InboxQueueUrl, /FrontlineAirtable-inbox-events$/);
  });
}

/** The functions' log of the callbacks, and its forbidden contents. */
export async function checkLogs(report: Report, cloud: MiniStack): Promise<void> {
  const lines = await logsByGroup(cloud);

  await report.check('every function logs what it did to a log group of its own', () => {
    const groupsWith = (line: string) => [...lines.values()].filter((text) => text.includes(line)).length;
    equal(groupsWith('"callback answered"'), 6);
    equal(groupsWith('"sync ran"'), 1);
  });
  await checkLogGroups(report, cloud);
  await report.check('no log line holds a credential, a name or a number', () => {
    const customers = [JANE, SEAN, OMAR].flatMap(({ name, address }) => [name, address]);
    const text = [...lines.values()].join('\n');
    const { ACCOUNT_SID: _, ...secrets } = CREDENTIALS;
    deepEqual(
      [...Object.values(secrets), ...customers].filter((word) => text.includes(word)),
      [],
    );
  });
}

/** The stack's dashboard, alarms and their e-mail subscription. */
export async function checkWatching(report: Report, cloud: MiniStack): Promise<void> {
  const ask = (service: string, version: string, action: string) =>
    cloud.request(service, `/?Action=${action}&Version=${version}`, { method: 'POST' });
  await report.check('the dashboard is deployed', async () => {
    match(await ask('monitoring', '2010-08-01', 'ListDashboards'), /FrontlineAirtable/);
  });
  await report.check('the alarms are deployed', async () => {
    const alarms = await ask('monitoring', '2010-08-01', 'DescribeAlarms');
    ok((alarms.match(/<AlarmName>/g) ?? []).length >= 5, alarms);
  });
  await report.check('ALARM_EMAIL is subscribed to the topic', async () => {
    match(await ask('sns', '2010-03-31', 'ListSubscriptions'), /alarms@example\.com/);
  });
}

/**
 * The whole template, checked by AWS's own resource schemas, with the saved queries that the emulator could not deploy
 * and with an e-mail address for alarms.
 */
export async function checkTemplate(
  report: Report,
  cfnLint: string,
  { cdk, folder }: { readonly cdk: Cdk; readonly folder: string },
  signal: AbortSignal,
): Promise<void> {
  await report.check('cfn-lint finds nothing wrong with the template, saved queries and all', async () => {
    await cdk('synth', '--quiet', '--context', 'savedQueries=true');
    const template = join(folder, 'cdk.out', 'FrontlineAirtable.template.json');
    match(await readFile(template, 'utf8'), /AWS::Logs::QueryDefinition/);
    // W3005 is about a DependsOn that CDK itself writes for a function with a role.
    await run(cfnLint, ['--ignore-checks', 'W3005', '--', template], { signal });
  });
}

/** After `cdk destroy` nothing costs or responds any more, and no data that exists only there is lost. */
export async function checkGone(report: Report, cloud: MiniStack): Promise<void> {
  await report.check('the replica is gone, the opt-outs and the inbox’s chats are still there', async () => {
    deepEqual(
      (await tableNames(cloud)).map((name) => name.replace(/[0-9A-F]{8}-.*$/, '')),
      ['FrontlineAirtable-Inbox', 'FrontlineAirtable-OptOuts'],
    );
  });
  await report.check('the stack is gone', async () => {
    const query = 'Action=DescribeStacks&Version=2010-05-15&StackName=FrontlineAirtable';
    match(await cloud.request('cloudformation', `/?${query}`, { method: 'POST' }), /does not exist/);
  });
  await report.check('the functions are gone', async () => {
    const functions = await cloud.request('lambda', '/2015-03-31/functions');
    deepEqual(JSON.parse(functions).Functions, []);
  });
  await report.check('the secret is gone', async () => {
    const secrets = await json(cloud, 'secretsmanager', 'secretsmanager.ListSecrets', {});
    deepEqual(secrets, { SecretList: [] });
  });
  await report.check('the log groups are gone', async () => {
    deepEqual(await stackLogGroups(cloud), []);
  });
}

async function json(cloud: MiniStack, service: string, target: string, input: object): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return JSON.parse(
    await cloud.request(service, '/', { method: 'POST', headers, body: JSON.stringify(input) }),
  );
}

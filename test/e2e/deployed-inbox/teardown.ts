import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inboxTableName, optOutTableName, STACK_NAME } from '../../../lib/stack-names';
import { checkLogGroups, stackLogGroups } from '../cloud-logs';
import { type MiniStack, REGION, ROOT } from '../ministack';
import type { Report } from '../report';
import { tableNames } from '../tables';
import type { DeployedInbox } from './deployed-inbox';

/** The tables that hold what cannot be made again. */
const KEPT = [inboxTableName(STACK_NAME), optOutTableName(STACK_NAME)];

/** Takes everything back, while workers are signed in. */
export async function checkInboxTeardown(
  report: Report,
  inbox: DeployedInbox,
  cloud: MiniStack,
): Promise<void> {
  const { operator, twilio } = inbox;
  await checkLogGroups(report, cloud);
  const before = await left(cloud);
  await report.check('teardown takes back the inbox and the service, and names what it keeps', async () => {
    const { status, output } = await operator.run('teardown', '--yes');
    equal(status, 0, output);
    for (const table of KEPT) match(output, new RegExp(`✓ The table ${table} with`));
  });
  await report.check('nothing of it is left at AWS but those tables', async () => {
    const after = await left(cloud);
    deepEqual(
      Object.entries(before).filter(([name, all]) => all.length <= (after[name]?.length ?? 0)),
      [],
    );
    const { stacks, buckets = [], tables, ...others } = after;
    deepEqual([stacks, buckets.length, tables], [['CDKToolkit'], 1, KEPT.toSorted()]);
    deepEqual(Object.values(others).flat(), []);
  });
  await report.check('nothing of it is left at Twilio', () => {
    const { services, addresses } = twilio.configuration;
    ok(services.every(({ webhooks }) => webhooks.preUrl === null && webhooks.postUrl === null));
    deepEqual(addresses, []);
  });
}

/** What the emulated account holds. */
async function left(cloud: MiniStack): Promise<Readonly<Record<string, readonly string[]>>> {
  const options = { endpoint: cloud.url, region: REGION, credentials: ROOT };
  const stacks = new CloudFormationClient(options);
  const cognito = new CognitoIdentityProviderClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const sqs = new SQSClient(options);
  const { StackSummaries = [] } = await stacks.send(new ListStacksCommand({}));
  const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  for (const client of [stacks, cognito, s3, sqs]) client.destroy();
  const found = async (service: string, path: string, pattern: RegExp) =>
    [...(await cloud.request(service, path)).matchAll(pattern)].map(([text]) => text);
  const present = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  return {
    stacks: present.map(({ StackName = '' }) => StackName),
    userPools: UserPools.map(({ Name = '' }) => Name),
    buckets: Buckets.map(({ Name = '' }) => Name),
    queues: QueueUrls,
    logGroups: await stackLogGroups(cloud),
    apis: await found('apigateway', '/v2/apis', /"apiId": ?"\w+"/g),
    functions: await found('lambda', '/2015-03-31/functions', /"FunctionArn": ?"[^"]+"/g),
    distributions: await found('cloudfront', '/2020-05-31/distribution', /<DistributionSummary>/g),
    schedules: await found('scheduler', '/schedules', /"ScheduleArn": ?"[^"]+"|"Arn": ?"[^"]+"/g),
    tables: (await tableNames(cloud)).toSorted(),
  };
}

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeploymentConfiguration, InboxDeployment } from '../deployment-configuration';
import { hasSavedQueries } from '../log-queries';
import { inboxDeadLetterQueueName, inboxQueueName } from '../stack-names';
import { INBOX_OUTPUTS, type InboxOutput } from '../stack-outputs';
import { queueNamed } from './event-queue';
import { InboxAlarms } from './inbox-alarms';
import { InboxApi } from './inbox-api';
import { InboxDashboard } from './inbox-dashboard';
import { InboxFunctions, type ServiceParts } from './inbox-functions';
import { InboxQueries } from './inbox-log-queries';
import { LiveApi } from './live-api';
import { Site } from './site';
import { SweepSchedule } from './sweep-schedule';
import { WorkersPool } from './workers-pool';

export interface FrontlineAirtableInboxStackProps extends StackProps {
  readonly configuration: DeploymentConfiguration;
  readonly inbox: InboxDeployment;
  readonly service: ServiceParts;
}

/**
 * The workers' inbox: the app's site, the sign-in, the API and the live socket with their functions, and their
 * monitoring. It refers to the service's stack, and never the other way, so it can be removed alone.
 *
 * The queues and `sync` have fixed names and are addressed by name. The rest is read from the service's outputs by weak
 * references (cdk.json: `Fn::GetStackOutput`), which fit both ways of changing: the service can replace a table or be
 * deployed without INBOX while the inbox stands, which an export in use forbids. In return, the inbox sees a replaced
 * resource only after its own next update; `npx frontline setup` always deploys both, the inbox last. The role of the
 * deployment needs `cloudformation:DescribeStacks`, which CDK's own has. No weak reference stands in a property that
 * would replace its resource, such as the event source's queue, because CloudFormation learns the value only while it
 * updates.
 */
export class FrontlineAirtableInboxStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { configuration, inbox, service, ...props }: FrontlineAirtableInboxStackProps,
  ) {
    super(scope, id, props);

    const queue = queueNamed(this, inboxQueueName(service.stackName));
    const site = new Site(this, 'Site', inbox);
    const workers = new WorkersPool(this, 'Workers', { siteUrl: site.url });
    const live = new LiveApi(this, 'Live', inbox);
    const functions = new InboxFunctions(this, {
      service,
      queue,
      live,
      environment: { ...configuration.functionVariables, ...inbox.functionVariables },
    });
    live.routeTo(functions.live);
    const api = new InboxApi(this, 'Api', { handler: functions.api, workers, siteUrl: site.url });
    const sweeps = new SweepSchedule(this, 'SweepSchedule', queue);

    const queues = {
      queueName: queue.name,
      deadLetterQueueName: inboxDeadLetterQueueName(service.stackName),
    };
    const { liveFailures } = functions;
    const { alarmTopic: topic, callbackLogs } = service;
    const alarms = new InboxAlarms(this, 'Alarms', { api, liveFailures, topic, ...queues });
    // A distribution takes minutes. By then a sweep has run, whose missing value would alarm.
    alarms.node.addDependency(sweeps, site.distribution);
    const logs = { api, functions, callbackLogs };
    const dashboard = new InboxDashboard(this, 'Dashboard', { ...logs, alarms, ...queues });
    if (hasSavedQueries(this)) new InboxQueries(this, 'SavedQueries', logs);

    this.output(INBOX_OUTPUTS.url, "Address of the workers' inbox", site.url);
    this.output(INBOX_OUTPUTS.apiUrl, 'Base URL of the API', api.url);
    this.output(INBOX_OUTPUTS.liveUrl, 'Address of the live socket', live.url);
    this.output(INBOX_OUTPUTS.signInUrl, 'Base URL of the sign-in pages', workers.signInUrl);
    this.output(INBOX_OUTPUTS.userPoolId, 'Cognito user pool of the workers', workers.pool.userPoolId);
    this.output(
      INBOX_OUTPUTS.clientId,
      'Client of the user pool that the app is',
      workers.client.userPoolClientId,
    );
    this.output(INBOX_OUTPUTS.siteBucket, "Bucket with the app's files", site.bucket.bucketName);
    this.output(INBOX_OUTPUTS.dashboardUrl, 'CloudWatch dashboard: health and latency', dashboard.url);
    this.output(
      INBOX_OUTPUTS.distributionId,
      'CloudFront distribution of the app',
      site.distribution.distributionId,
    );
    this.output(
      INBOX_OUTPUTS.distributionDomain,
      'Name to which the DNS record of a domain of your own points',
      site.distribution.distributionDomainName,
    );
  }

  private output(id: InboxOutput, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }
}

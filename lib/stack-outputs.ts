import type { CallbackName } from '../lambdas/twilio/callbacks';
import { callbackId } from './stack-names';

/** The outputs of the service's stack, besides a URL for each callback. */
export const SERVICE_OUTPUTS = {
  apiUrl: 'ApiUrl',
  credentialsSecretArn: 'CredentialsSecretArn',
  replicaTable: 'ReplicaTableName',
  optOutTable: 'OptOutTableName',
  inboxTable: 'InboxTableName',
  inboxQueueUrl: 'InboxQueueUrl',
  syncFunction: 'SyncFunctionName',
  alarmTopicArn: 'AlarmTopicArn',
  dashboardUrl: 'DashboardUrl',
} as const;

/** The outputs of the inbox's stack. */
export const INBOX_OUTPUTS = {
  url: 'InboxUrl',
  apiUrl: 'InboxApiUrl',
  liveUrl: 'LiveUrl',
  signInUrl: 'SignInUrl',
  userPoolId: 'UserPoolId',
  clientId: 'UserPoolClientId',
  siteBucket: 'SiteBucketName',
  dashboardUrl: 'DashboardUrl',
  distributionId: 'DistributionId',
  distributionDomain: 'DistributionDomainName',
} as const;

export type ServiceOutput =
  | (typeof SERVICE_OUTPUTS)[keyof typeof SERVICE_OUTPUTS]
  | ReturnType<typeof callbackUrlOutput>;

export type InboxOutput = (typeof INBOX_OUTPUTS)[keyof typeof INBOX_OUTPUTS];

/** The output of the service's stack with the URL of a callback. */
export function callbackUrlOutput(name: CallbackName): `${string}CallbackUrl` {
  return `${callbackId(name)}CallbackUrl`;
}

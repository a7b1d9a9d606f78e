import { ConfigurationError } from '../../lambdas/errors';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import type { StackStatus } from '../aws/deployed-stack';

/** The outputs of the inbox's stack. Addresses have no slash at the end. */
export interface InboxOutputs {
  /** The address for the workers. */
  readonly url: string;
  readonly apiUrl: string;
  /** `wss://…/live`. */
  readonly liveUrl: string;
  readonly signInUrl: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly siteBucket: string;
  /** To which the DNS record of a custom domain points. */
  readonly distributionDomain: string;
}

const NAMES = {
  url: 'InboxUrl',
  apiUrl: 'InboxApiUrl',
  liveUrl: 'LiveUrl',
  signInUrl: 'SignInUrl',
  userPoolId: 'UserPoolId',
  clientId: 'UserPoolClientId',
  siteBucket: 'SiteBucketName',
  distributionDomain: 'DistributionDomainName',
} as const satisfies Readonly<Record<keyof InboxOutputs, string>>;

/** @throws {ConfigurationError} naming those that it lacks */
export function inboxOutputs({ outputs }: StackStatus): InboxOutputs {
  const missing = Object.values(NAMES).filter((name) => !outputs[name]);
  if (missing.length > 0) {
    throw new ConfigurationError([
      `The stack ${INBOX_STACK_NAME} has no output ${missing.join(', ')}; npx frontline setup --inbox deploys the current version`,
    ]);
  }
  const output = (key: keyof InboxOutputs) => outputs[NAMES[key]] ?? '';
  return {
    url: output('url'),
    apiUrl: output('apiUrl'),
    liveUrl: output('liveUrl'),
    signInUrl: output('signInUrl'),
    userPoolId: output('userPoolId'),
    clientId: output('clientId'),
    siteBucket: output('siteBucket'),
    distributionDomain: output('distributionDomain'),
  };
}

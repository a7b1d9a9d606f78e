import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { INBOX_OUTPUTS } from '../../lib/stack-outputs';
import { requiredOutputs, type StackStatus } from '../aws/deployed-stack';

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

/** @throws {ConfigurationError} naming those that it lacks */
export function inboxOutputs(stack: StackStatus): InboxOutputs {
  const { url, apiUrl, liveUrl, signInUrl, userPoolId, clientId, siteBucket, distributionDomain } =
    INBOX_OUTPUTS;
  const names = [url, apiUrl, liveUrl, signInUrl, userPoolId, clientId, siteBucket, distributionDomain];
  const output = requiredOutputs(names, stack, INBOX_STACK_NAME);
  return {
    url: output(url),
    apiUrl: output(apiUrl),
    liveUrl: output(liveUrl),
    signInUrl: output(signInUrl),
    userPoolId: output(userPoolId),
    clientId: output(clientId),
    siteBucket: output(siteBucket),
    distributionDomain: output(distributionDomain),
  };
}

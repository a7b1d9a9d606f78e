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
  const output = requiredOutputs(Object.values(INBOX_OUTPUTS), stack, INBOX_STACK_NAME);
  return {
    url: output(INBOX_OUTPUTS.url),
    apiUrl: output(INBOX_OUTPUTS.apiUrl),
    liveUrl: output(INBOX_OUTPUTS.liveUrl),
    signInUrl: output(INBOX_OUTPUTS.signInUrl),
    userPoolId: output(INBOX_OUTPUTS.userPoolId),
    clientId: output(INBOX_OUTPUTS.clientId),
    siteBucket: output(INBOX_OUTPUTS.siteBucket),
    distributionDomain: output(INBOX_OUTPUTS.distributionDomain),
  };
}

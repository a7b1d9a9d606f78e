import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { AwsSetupError } from './aws-errors';

/** The error if a required stack does not exist. */
export function noStack(stackName = STACK_NAME): AwsSetupError {
  return new AwsSetupError(
    `No stack ${stackName} in this account and region`,
    `${setupCommand(stackName)} deploys it; if it is elsewhere, set AWS_PROFILE or AWS_REGION`,
  );
}

/** The command that deploys a stack. */
export function setupCommand(stackName: string): string {
  return stackName === INBOX_STACK_NAME ? 'npx frontline setup --inbox' : 'npx frontline setup';
}

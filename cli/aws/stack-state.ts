/**
 * A stack's state. `ready`: exists and can be changed. `in-progress`: wait for it. `creation-failed`: left by a failed
 * creation; CDK deletes it before it creates it again. `delete-failed`: delete it again. `stuck`: needs a person.
 */
export type StackState = 'ready' | 'in-progress' | 'creation-failed' | 'delete-failed' | 'stuck';

/** The state for a CloudFormation status. */
export function stateOf(status: string): StackState {
  if (status.endsWith('_IN_PROGRESS')) return 'in-progress';
  switch (status) {
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return 'creation-failed';
    case 'DELETE_FAILED':
      return 'delete-failed';
    default:
      return status.endsWith('_FAILED') ? 'stuck' : 'ready';
  }
}

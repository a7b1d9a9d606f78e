/**
 * A stack's state. `ready`: exists and can be changed. `under-way`: wait for it. `never-made`: left by a failed
 * creation; CDK deletes it before it creates it again. `half-deleted`: delete it again. `stuck`: needs a person.
 */
export type StackState = 'ready' | 'under-way' | 'never-made' | 'half-deleted' | 'stuck';

/** The state for a CloudFormation status. */
export function stateOf(status: string): StackState {
  if (status.endsWith('_IN_PROGRESS')) return 'under-way';
  switch (status) {
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return 'never-made';
    case 'DELETE_FAILED':
      return 'half-deleted';
    default:
      return status.endsWith('_FAILED') ? 'stuck' : 'ready';
  }
}

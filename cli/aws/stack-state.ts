/**
 * What can be done with a stack: `ready` stands and can be changed, `under-way` has to be waited for, `never-made` is
 * what a failed creation leaves (CDK deletes it before it begins again), `half-deleted` has to be deleted once more,
 * `stuck` needs a person.
 */
export type StackState = 'ready' | 'under-way' | 'never-made' | 'half-deleted' | 'stuck';

/** What a status of CloudFormation's means. */
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

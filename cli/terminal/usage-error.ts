import { UserError } from '../../lib/user-error';

/** The command line is invalid. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** An error whose message tells the user what happened and what to do, so that its stack is of no use. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** The command line is invalid. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** Ctrl-C or Escape was pressed at a prompt. Completed changes are kept. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor() {
    super('Interrupted. Completed changes are kept; run it again to continue.');
  }
}

/** Ctrl-C or Escape was pressed at a prompt. Completed changes are kept. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor() {
    super('Interrupted. Completed changes are kept; run it again to continue.');
  }
}

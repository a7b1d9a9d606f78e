/** Ctrl-C or Escape was pressed at a prompt. Completed changes are kept. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor() {
    super('Stopped. What is done stays done; run it again to go on.');
  }
}

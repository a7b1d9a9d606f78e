/** The person pressed Ctrl-C or Escape at a question. What was done until then stays done. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor() {
    super('Stopped. What is done stays done; run it again to go on.');
  }
}

/** An error whose message tells the user what happened and what to do, so that its stack is of no use. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

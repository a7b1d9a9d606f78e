/** The command was given something that it cannot make sense of. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

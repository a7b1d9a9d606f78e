import { ConfigurationError } from '../../lambdas/errors';

/** AWS cannot be used as things are set up here: no credentials, no region, no rights, a thing that was deleted. */
export class AwsSetupError extends ConfigurationError {
  constructor(
    /** What is wrong, and with what. */
    readonly says: string,
    /** What to do about it. */
    readonly remedy: string,
    cause?: unknown,
  ) {
    super([`${says}: ${remedy}`], { cause });
  }
}

import { ConfigurationError } from '../../lambdas/errors';

/** AWS cannot be used with this setup: no credentials, no region, no permissions, or a deleted resource. */
export class AwsSetupError extends ConfigurationError {
  constructor(
    /** The problem and its subject. */
    readonly says: string,
    /** The fix. */
    readonly remedy: string,
    cause?: unknown,
  ) {
    super([`${says}: ${remedy}`], { cause });
  }
}

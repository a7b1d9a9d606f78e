import { ConfigurationError } from '../../lambdas/errors';

/** AWS cannot be used with this setup: no credentials, no region, no permissions, or a deleted resource. */
export class AwsSetupError extends ConfigurationError {
  constructor(
    /** The problem and its subject. */
    readonly problem: string,
    /** The fix. */
    readonly fix: string,
    cause?: unknown,
  ) {
    super([`${problem}: ${fix}`], { cause });
  }
}

import { ConfigurationError } from '../../lambdas/errors';

/** A service at Twilio that exists, or that an earlier change of the same plan creates. */
export class PlannedService {
  #sid: string | null;

  /** @param sid null for a service that is created */
  constructor(
    readonly friendlyName: string,
    sid: string | null,
  ) {
    this.#sid = sid;
  }

  /** Null until it is created. */
  get sid(): string | null {
    return this.#sid;
  }

  /** The SID, for a difference between two values. */
  get label(): string {
    return this.#sid ?? `"${this.friendlyName}", once it is created`;
  }

  setSid(sid: string): void {
    this.#sid = sid;
  }

  /** @throws {ConfigurationError} if the change that creates the service was not applied */
  requireSid(): string {
    if (this.#sid === null) throw new ConfigurationError([`"${this.friendlyName}" is not created yet`]);
    return this.#sid;
  }
}

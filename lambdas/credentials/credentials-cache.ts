import type { Deadline } from '../http-client/deadline';
import type { Credentials } from './credentials';

/** How long credentials are used before they are checked for changes. */
const USED_MS = 5 * 60_000;
/** Younger credentials are fresh: they are not fetched again, regardless of how many signatures fail. */
const FRESH_MS = 30_000;

/** `isFirst` is true if there are no credentials to fall back on. */
export type FetchCredentials = (
  secretId: string,
  deadline: Deadline,
  isFirst: boolean,
) => Promise<Credentials>;

/** The credentials of one container: fetched once, refreshed periodically, kept if a refresh fails. */
export class CredentialsCache {
  #credentials: Credentials | null = null;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<Credentials> | null = null;
  #doubted = false;

  constructor(
    private readonly secretId: string,
    private readonly fetch: FetchCredentials,
  ) {}

  /**
   * The current credentials.
   * @param onStale is called with the reason if they could not be refreshed and the old ones stay in use.
   */
  async load(deadline: Deadline, onStale: (reason: unknown) => void): Promise<Credentials> {
    const held = this.#credentials;
    if (held === null) return this.#refresh(deadline);
    if (this.#age < (this.#doubted ? FRESH_MS : USED_MS)) return held;
    return this.#refresh(deadline).catch((reason: unknown) => {
      onStale(reason);
      return held;
    });
  }

  /**
   * Fetches the credentials again, because the current ones failed. Returns null while they are fresh, so that a flood
   * of wrong signatures does not become a flood of requests for the secret.
   */
  async reload(deadline: Deadline): Promise<Credentials | null> {
    return this.#fetching ?? (this.#age < FRESH_MS ? null : this.#refresh(deadline));
  }

  /** Called when a system rejected these credentials: they are fetched again as soon as they are not fresh. */
  invalidate(): void {
    this.#doubted = true;
  }

  get #age(): number {
    return Date.now() - this.#triedAt;
  }

  #refresh(deadline: Deadline): Promise<Credentials> {
    this.#triedAt = Date.now();
    this.#doubted = false;
    this.#fetching ??= this.fetch(this.secretId, deadline, this.#credentials === null)
      .then((credentials) => {
        this.#credentials = credentials;
        return credentials;
      })
      .finally(() => {
        this.#fetching = null;
      });
    return this.#fetching;
  }
}

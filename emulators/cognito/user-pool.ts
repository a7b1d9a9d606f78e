import { createHash, randomBytes, randomUUID } from 'node:crypto';

export interface EmulatedUser {
  readonly email: string;
  readonly password: string;
  /** The `sub` of its tokens. */
  readonly subject: string;
  isEnabled: boolean;
}

/** What an authorization code was issued for. */
export interface CodeGrant {
  readonly user: EmulatedUser;
  readonly redirectUri: string;
  readonly challenge: string;
}

export interface IssuedPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

interface Refreshable {
  readonly user: EmulatedUser;
  readonly until: number;
}

const CODE_MS = 5 * 60_000;
const REFRESH_MS = 12 * 60 * 60_000;
const SESSION_MS = 60 * 60_000;

/** Users, codes and tokens of a user pool with one public client. */
export class EmulatedUserPool {
  /** How long access tokens are valid, in seconds. */
  accessSeconds = 15 * 60;
  readonly #users = new Map<string, EmulatedUser>();
  readonly #codes = new Map<string, CodeGrant & { readonly until: number }>();
  readonly #refreshTokens = new Map<string, Refreshable>();
  readonly #accessTokens = new Map<string, Refreshable>();
  /** Sessions of the hosted pages, by cookie. */
  readonly #sessions = new Map<string, Refreshable>();

  constructor(private readonly now: () => number) {}

  /** Adds a user with a permanent password, or replaces it. */
  addUser({ email, password, subject }: Omit<EmulatedUser, 'isEnabled'>): void {
    this.#users.set(email.toLowerCase(), { email, password, subject, isEnabled: true });
  }

  /** Disables a user and revokes their refresh tokens; access tokens live on until they expire. */
  disable(email: string): void {
    const user = this.#users.get(email.toLowerCase());
    if (user !== undefined) user.isEnabled = false;
    this.endSignIns(email);
  }

  /** Revokes the refresh tokens of a user, as a global sign-out does. */
  endSignIns(email: string): void {
    for (const [token, { user }] of this.#refreshTokens) {
      if (user.email.toLowerCase() === email.toLowerCase()) this.#refreshTokens.delete(token);
    }
  }

  /** The user of a password; null for a wrong one and for a disabled user. */
  verify(email: string, password: string): EmulatedUser | null {
    const user = this.#users.get(email.trim().toLowerCase());
    return user?.isEnabled && user.password === password ? user : null;
  }

  /** @returns the cookie of a session of the hosted pages */
  openSession(user: EmulatedUser): string {
    return this.#issue(this.#sessions, user, SESSION_MS);
  }

  sessionUser(cookie: string): EmulatedUser | null {
    return this.#valid(this.#sessions, cookie);
  }

  closeSession(cookie: string): void {
    this.#sessions.delete(cookie);
  }

  /** @returns a code that can be redeemed once, within five minutes */
  issueCode(grant: CodeGrant): string {
    const code = randomUUID();
    this.#codes.set(code, { ...grant, until: this.now() + CODE_MS });
    return code;
  }

  /** Redeems a code. @returns null for a wrong verifier or address, and for a code that is used up or expired */
  redeemCode(
    code: string,
    { verifier, redirectUri }: { verifier: string; redirectUri: string },
  ): IssuedPair | null {
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    if (grant === undefined || grant.until < this.now() || grant.redirectUri !== redirectUri) return null;
    if (createHash('sha256').update(verifier).digest('base64url') !== grant.challenge) return null;
    return this.#issuePair(grant.user, this.#issue(this.#refreshTokens, grant.user, REFRESH_MS));
  }

  /** A new access token for a refresh token, which stays the same; null for one that is revoked or expired. */
  refresh(refreshToken: string): IssuedPair | null {
    const user = this.#valid(this.#refreshTokens, refreshToken);
    return user?.isEnabled ? this.#issuePair(user, refreshToken) : null;
  }

  revoke(refreshToken: string): void {
    this.#refreshTokens.delete(refreshToken);
  }

  /** Whether a refresh token can still be used. */
  isValid(refreshToken: string): boolean {
    return this.#valid(this.#refreshTokens, refreshToken) !== null;
  }

  /** The subject of an access token, by signature and expiry only, as an authorizer of an HTTP API reads it. */
  subjectOf(accessToken: string): string | null {
    return this.#valid(this.#accessTokens, accessToken)?.subject ?? null;
  }

  /** Makes every access token invalid at once. */
  expireAccessTokens(): void {
    this.#accessTokens.clear();
  }

  #issuePair(user: EmulatedUser, refreshToken: string): IssuedPair {
    const expiresIn = this.accessSeconds;
    const accessToken = this.#issue(this.#accessTokens, user, expiresIn * 1_000);
    return { accessToken, refreshToken, expiresIn };
  }

  #issue(tokens: Map<string, Refreshable>, user: EmulatedUser, lifeMs: number): string {
    const token = randomBytes(24).toString('base64url');
    tokens.set(token, { user, until: this.now() + lifeMs });
    return token;
  }

  #valid(tokens: ReadonlyMap<string, Refreshable>, token: string): EmulatedUser | null {
    const found = tokens.get(token);
    return found !== undefined && found.until > this.now() ? found.user : null;
  }
}

import * as v from 'valibot';
import type { SignInStore } from './sign-in-store';
import { type IssuedTokens, ProviderUnreachableError, SignInEndedError } from './token-requests';

/** Messages between tabs. Access tokens pass between tabs and are never stored. */
const TabMessage = v.variant('kind', [
  v.object({
    kind: v.literal('token'),
    signIn: v.string(),
    accessToken: v.string(),
    expiresInMs: v.number(),
  }),
  /** The provider has ended the sign-in. */
  v.object({ kind: v.literal('ended'), signIn: v.string() }),
  /** The worker has signed out. */
  v.object({ kind: v.literal('signed-out'), signIn: v.string() }),
]);
export type TabMessage = v.InferOutput<typeof TabMessage>;

/** Why a sign-in is over. */
export type EndReason = Exclude<TabMessage['kind'], 'token'>;

/** What the keeper needs of the browser. */
export interface KeeperParts {
  readonly store: SignInStore;
  refresh(refreshToken: string): Promise<IssuedTokens>;
  /** Runs while no other tab does; `hasWaited` says whether one did just before. */
  exclusively<T>(run: (hasWaited: boolean) => Promise<T>): Promise<T>;
  /** Sends a message to the other tabs. */
  send(message: TabMessage): void;
  readonly clock: Clock;
  /** @returns a function that cancels it */
  schedule(run: () => void, afterMs: number): () => void;
  onEnded(reason: EndReason): void;
}

/** Two clocks: `monotonic` may stop while the computer sleeps, `wall` may be set. */
export interface Clock {
  monotonic(): number;
  wall(): number;
}

interface HeldToken {
  readonly accessToken: string;
  readonly expiresInMs: number;
  readonly monotonic: number;
  readonly wall: number;
}

/** How long before its end a token is replaced: by a timer, and at the latest by the next request. */
const AHEAD_MS = 120_000;
const LATEST_MS = 30_000;
const RETRY_MS = 15_000;
/** How long a tab that waited for another one listens for that one's token. */
export const LISTEN_MS = 250;

/**
 * Keeps the access token of this tab's sign-in: in memory, replaced ahead of its end by one tab for all of them. Only
 * the provider ends a sign-in; a lost connection never does.
 */
export class TokenKeeper {
  #signIn: string | null = null;
  #held: HeldToken | null = null;
  #renewal: Promise<string> | null = null;
  #stopTimer: () => void = () => undefined;
  #listeners: (() => void)[] = [];

  constructor(private readonly parts: KeeperParts) {}

  /** The id of this tab's sign-in; null without one. */
  get signIn(): string | null {
    return this.#signIn;
  }

  /** Takes up the browser's sign-in. @returns whether there is one */
  adopt(): boolean {
    const found = this.parts.store.readAtStart();
    if (found?.id !== this.#signIn) this.forget();
    this.#signIn = found?.id ?? null;
    return found !== null;
  }

  /** Begins with the tokens of a new sign-in. @returns whether the browser could store it */
  begin(issued: IssuedTokens): boolean {
    const { refreshToken } = issued;
    const id = crypto.randomUUID();
    if (refreshToken === null || !this.parts.store.add({ id, refreshToken })) return false;
    this.forget();
    this.#signIn = id;
    this.#hold(issued);
    return true;
  }

  /** Forgets the tokens of this tab. */
  forget(): void {
    this.#stopTimer();
    this.#signIn = null;
    this.#held = null;
    this.#renewal = null;
  }

  /**
   * A token that is valid for the next request.
   * @throws {SignInEndedError} or {ProviderUnreachableError}
   */
  async token(): Promise<string> {
    const held = this.#held;
    if (held !== null && this.#leftMs(held) > Math.min(LATEST_MS, held.expiresInMs / 20)) {
      return held.accessToken;
    }
    try {
      return await this.#renew();
    } catch (error) {
      const isUsable = held !== null && held === this.#held && this.#leftMs(held) > 0;
      if (error instanceof ProviderUnreachableError && isUsable) return held.accessToken;
      throw error;
    }
  }

  /** A token in place of one that the API rejected. @throws {SignInEndedError} or {ProviderUnreachableError} */
  async replace(rejected: string): Promise<string> {
    const held = this.#held;
    return held !== null && held.accessToken !== rejected ? held.accessToken : this.#renew();
  }

  /** Replaces the token now if it may have run out: after sleep, or back online. */
  checkNow(): void {
    if (this.#signIn !== null) this.token().catch(() => this.#retryLater());
  }

  /** Handles a message of another tab. */
  receive(data: unknown): void {
    const parsed = v.safeParse(TabMessage, data);
    if (!parsed.success || this.#signIn === null || parsed.output.signIn !== this.#signIn) return;
    const message = parsed.output;
    if (message.kind === 'token') this.#hold(message);
    else this.#end(message.kind);
  }

  #renew(): Promise<string> {
    if (this.#renewal !== null) return this.#renewal;
    const renewal = this.#refreshForAllTabs().finally(() => {
      if (this.#renewal === renewal) this.#renewal = null;
    });
    this.#renewal = renewal;
    return renewal;
  }

  async #refreshForAllTabs(): Promise<string> {
    const before = this.#held;
    const id = this.#signIn;
    if (id === null) throw new SignInEndedError('no worker is signed in');
    try {
      return await this.parts.exclusively(async (hasWaited) => {
        if (hasWaited && this.#held === before) await this.#listen();
        if (this.#signIn !== id) throw new SignInEndedError('the sign-in ended meanwhile');
        if (this.#held !== null && this.#held !== before) return this.#held.accessToken;
        return await this.#refresh(id);
      });
    } catch (error) {
      // The sign-in of this tab is a newer one, which goes on.
      const isReplaced = this.#signIn !== null && this.#signIn !== id;
      if (isReplaced) throw new ProviderUnreachableError('asked for an earlier sign-in', { cause: error });
      throw error;
    }
  }

  async #refresh(id: string): Promise<string> {
    const stored = this.parts.store.read();
    if (stored?.id !== id) {
      this.#end('ended');
      throw new SignInEndedError('the browser has no such sign-in any more');
    }
    try {
      const issued = await this.parts.refresh(stored.refreshToken);
      if (this.#signIn !== id) throw new SignInEndedError('the sign-in ended meanwhile');
      if (issued.refreshToken !== null) this.parts.store.replaceToken(id, issued.refreshToken);
      this.#hold(issued);
      const { accessToken, expiresInMs } = issued;
      this.parts.send({ kind: 'token', signIn: id, accessToken, expiresInMs });
      return accessToken;
    } catch (error) {
      if (error instanceof SignInEndedError && this.#signIn === id) {
        this.parts.store.clear(id);
        this.parts.send({ kind: 'ended', signIn: id });
        this.#end('ended');
      }
      throw error;
    }
  }

  #end(reason: EndReason): void {
    this.forget();
    this.parts.onEnded(reason);
  }

  #hold({ accessToken, expiresInMs }: Pick<IssuedTokens, 'accessToken' | 'expiresInMs'>): void {
    const { clock } = this.parts;
    this.#held = { accessToken, expiresInMs, monotonic: clock.monotonic(), wall: clock.wall() };
    this.#renewLater(expiresInMs - Math.min(AHEAD_MS, expiresInMs / 5));
    for (const listener of this.#listeners.splice(0)) listener();
  }

  #renewLater(afterMs: number): void {
    this.#stopTimer();
    this.#stopTimer = this.parts.schedule(() => {
      this.#renew().catch(() => this.#retryLater());
    }, afterMs);
  }

  #retryLater(): void {
    if (this.#signIn !== null) this.#renewLater(RETRY_MS);
  }

  /** By the clock that says more: a token is rather replaced too early than used too late. */
  #leftMs({ expiresInMs, monotonic, wall }: HeldToken): number {
    const { clock } = this.parts;
    return expiresInMs - Math.max(clock.monotonic() - monotonic, clock.wall() - wall);
  }

  #listen(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.parts.schedule(resolve, LISTEN_MS);
      this.#listeners.push(() => {
        stop();
        resolve();
      });
    });
  }
}

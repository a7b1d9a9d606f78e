import type { RouteName } from '../../lambdas/inbox/api';
import { SIGN_IN_PATH } from '../../lib/inbox/sign-in';
import { setAccess } from '../api/client';
import type { Deployment } from '../api/deployment';
import { schedule } from '../logic/schedule';
import { onWake } from '../state/clock';
import { navigate } from '../state/route';
import { endSession, knownIdentity, openSession, sessionState, worker } from '../state/session';
import { wipeOtherWorkers, wipeWorkers } from '../state/wipe';
import { browserClock, exclusively, joinTabs } from './browser-parts';
import { type Callback, parseCallback } from './callback';
import { challengeOf } from './pkce';
import { returnPath } from './return-path';
import { type Attempt, beginAttempt, takeAttempt } from './sign-in-attempt';
import type { SignInMethod } from './sign-in-method';
import { SIGN_IN_KEY, SignInStore } from './sign-in-store';
import { type AfterSignOut, SignOutMarks } from './sign-out-marks';
import { type EndReason, type TabMessage, TokenKeeper } from './token-keeper';
import { SignInEndedError, TokenRequests } from './token-requests';

/** How long signing out waits for the provider before it goes on without it. */
const REVOKE_MS = 5_000;

/** Signs workers in with the provider's pages: code flow with PKCE, nothing in the page but its own script. */
export class DeployedSignIn implements SignInMethod {
  readonly #requests: TokenRequests;
  readonly #store = new SignInStore(localStorage);
  readonly #marks = new SignOutMarks(localStorage, sessionStorage);
  readonly #keeper: TokenKeeper;
  readonly #send: (message: TabMessage) => void;

  constructor(deployment: Deployment) {
    this.#requests = new TokenRequests(deployment, location.origin);
    this.#send = joinTabs((message) => this.#keeper.receive(message));
    this.#keeper = new TokenKeeper({
      store: this.#store,
      refresh: (token) => this.#requests.refresh(token),
      exclusively,
      send: this.#send,
      clock: browserClock,
      schedule,
      onEnded: (reason) => this.#ended(reason),
    });
    setAccess({
      apiUrl: deployment.apiUrl,
      token: async (route) => {
        requireWorker(route);
        return this.#keeper.token();
      },
      replace: async (rejected, route) => {
        requireWorker(route);
        return this.#keeper.replace(rejected);
      },
    });
    this.#followBrowser();
  }

  async start(): Promise<void> {
    const answer = parseCallback(location);
    const isStartPage = location.pathname === '/' && navigationType() === 'navigate';
    const next = this.#marks.comeBack(isStartPage);
    // At once: a code must not stay in the history.
    if (location.pathname === SIGN_IN_PATH) navigate('/', { replace: true });
    if (answer !== null && (await this.#takeAnswer(answer))) return;
    if (this.#keeper.adopt()) await this.#open();
    else if (next === 'sign-in') await this.signIn();
    else if (next === 'stay' || this.#marks.isSignedOut) this.#showSignedOut();
    else await this.signIn();
  }

  async signIn(): Promise<void> {
    if (sessionState.peek().state === 'redirecting') return;
    const before = this.#keeper.signIn;
    // Another tab may have signed in meanwhile. The same sign-in again is one that the API rejects.
    if (this.#keeper.adopt() && this.#keeper.signIn !== before) {
      sessionState.value = { state: 'loading' };
      return this.#open();
    }
    sessionState.value = { state: 'redirecting' };
    try {
      await this.#requests.requireReachable();
      if (this.#marks.isPending) this.#leaveForSignOut('sign-in');
      else await this.#leaveForSignIn();
    } catch {
      sessionState.value = { state: 'provider-unreachable' };
    }
  }

  async signOut(): Promise<void> {
    const stored = this.#store.read();
    sessionState.value = { state: 'signing-out' };
    this.#keeper.forget();
    this.#marks.begin();
    wipeWorkers();
    this.#marks.isSignedOut = true;
    try {
      if (stored !== null) {
        this.#send({ kind: 'signed-out', signIn: stored.id });
        await this.#requests.revoke(stored.refreshToken, REVOKE_MS);
      }
      this.#leaveForSignOut('stay');
    } catch {
      // Its page cannot be opened either. The next sign-in in this browser begins with it.
      this.#showSignedOut();
    }
  }

  /** @returns whether the answer decides what is shown; else the page goes on as if it had not come */
  async #takeAnswer(answer: Callback): Promise<boolean> {
    const attempt = takeAttempt(sessionStorage, answer.state);
    if (attempt === null) return this.#ignoreAnswer();
    if (answer.kind === 'error') {
      sessionState.value = { state: 'sign-in-failed', error: answer.error };
      return true;
    }
    try {
      const issued = await this.#requests.redeemCode(answer.code, attempt.verifier);
      if (!this.#keeper.begin(issued)) {
        sessionState.value = { state: 'sign-in-failed', error: 'storage' };
        return true;
      }
      this.#marks.isSignedOut = false;
      await this.#open(attempt);
    } catch (error) {
      sessionState.value =
        error instanceof SignInEndedError
          ? { state: 'sign-in-failed', error: error.message }
          : { state: 'provider-unreachable' };
    }
    return true;
  }

  /**
   * Ignores an answer that this tab did not ask for. Restarts at most once in 30 s, so that a browser without session
   * storage does not loop.
   */
  #ignoreAnswer(): boolean {
    if (this.#store.read() !== null || this.#marks.mayRestart()) return false;
    sessionState.value = { state: 'sign-in-failed', error: 'state' };
    return true;
  }

  /** Shows the worker's pages, and the one that they came from if it was theirs. */
  async #open(attempt: Attempt | null = null): Promise<void> {
    if (attempt !== null) navigate(returnPath(attempt.returnTo, location.origin), { replace: true });
    await openSession(({ identity }) => {
      wipeOtherWorkers(identity);
      const before = attempt?.identity ?? null;
      if (before !== null && before !== identity) navigate('/', { replace: true });
    });
  }

  async #leaveForSignIn(): Promise<void> {
    const returnTo = `${location.pathname}${location.search}${location.hash}`;
    const attempt = beginAttempt(sessionStorage, { returnTo, identity: knownIdentity() });
    if (attempt === null) {
      sessionState.value = { state: 'sign-in-failed', error: 'storage' };
      return;
    }
    const challenge = await challengeOf(attempt.verifier);
    location.replace(this.#requests.authorizeUrl({ state: attempt.state, challenge }));
  }

  #leaveForSignOut(next: AfterSignOut): void {
    this.#marks.leaveFor(next);
    location.replace(this.#requests.logoutUrl());
  }

  #ended(reason: EndReason): void {
    if (reason === 'signed-out') this.#leaveSignedOut();
    else endSession();
  }

  /** The worker signed out in another tab: nothing of them stays in this one. */
  #leaveSignedOut(): void {
    if (sessionState.peek().state === 'signing-out') return;
    sessionState.value = { state: 'signing-out' };
    wipeWorkers();
    this.#marks.isSignedOut = true;
    location.replace('/');
  }

  #showSignedOut(): void {
    this.#marks.isSignedOut = true;
    sessionState.value = { state: 'signed-out', wasSignedIn: false };
  }

  #followBrowser(): void {
    window.addEventListener('storage', ({ key }) => {
      if (key === SIGN_IN_KEY || key === null) this.#followOtherTab();
    });
    window.addEventListener('online', () => this.#keeper.checkNow());
    onWake(() => this.#keeper.checkNow());
    // A page that the browser kept from before a sign-out must not come back with what it showed.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) location.reload();
    });
  }

  /** Another tab signed out, or signed in: perhaps as another worker. */
  #followOtherTab(): void {
    const stored = this.#store.read();
    const own = this.#keeper.signIn;
    if (stored?.id === own || sessionState.peek().state === 'signing-out') return;
    if (stored === null) {
      this.#keeper.forget();
      if (this.#marks.isPending) this.#leaveSignedOut();
      else endSession();
      return;
    }
    this.#marks.isSignedOut = false;
    sessionState.value = { state: 'loading' };
    this.#keeper.adopt();
    this.#open().catch(() => undefined);
  }
}

/**
 * Until the API has named the worker, only the route `session` is allowed: requests left over from the previous worker's
 * page must not be sent in the new worker's name.
 */
function requireWorker(route: RouteName): void {
  if (route !== 'session' && worker.peek() === null) throw new Error('no worker is signed in on this page');
}

function navigationType(): string {
  const [entry] = performance.getEntriesByType('navigation');
  return entry !== undefined && 'type' in entry && typeof entry.type === 'string' ? entry.type : '';
}

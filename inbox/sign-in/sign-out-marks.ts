import { readStored, type TextStorage, writeStored } from '../state/stored';

// These names do not begin like those of what a worker left, so that wiping it in another tab leaves the marks.

/** When a worker signed out here while the provider was not yet seen to know it; by this device's clock. */
const PENDING_KEY = 'inbox-signing-out';
/** In the tab that was sent to the provider's `/logout`: what to do when it comes back. */
const RETURNING_KEY = 'inbox-returning';
/** In a tab whose worker signed out: it does not begin a sign-in by itself. */
const SIGNED_OUT_KEY = 'inbox-signed-out';

/** When a sign-in was last restarted because its answer was foreign. */
const RESTARTED_KEY = 'inbox-restarted';
const RESTART_MS = 30_000;

/** The provider's own session lasts an hour; after that nothing is left to end. */
const PENDING_MS = 60 * 60_000;

/** What follows the provider's sign-out. */
export type AfterSignOut = 'stay' | 'sign-in';

/** Notes of how far a sign-out got, so that a shared computer does not sign the previous worker in again. */
export class SignOutMarks {
  constructor(
    private readonly shared: TextStorage,
    private readonly tab: TextStorage,
    private readonly now: () => number = Date.now,
  ) {}

  /** The worker signs out in this browser. */
  begin(): void {
    writeStored(this.shared, PENDING_KEY, String(this.now()));
  }

  /** Whether the provider may still have the session of a worker who signed out here. */
  get isPending(): boolean {
    const since = readStored(this.shared, PENDING_KEY);
    return since !== null && Math.abs(this.now() - Number(since)) < PENDING_MS;
  }

  /** This tab goes to the provider's `/logout`. */
  leaveFor(next: AfterSignOut): void {
    writeStored(this.tab, RETURNING_KEY, next);
  }

  /**
   * Notes that this tab came back from there.
   * @param isReturn whether this page may be where the provider led to
   * @returns what follows; null where it did not come from there
   */
  comeBack(isReturn: boolean): AfterSignOut | null {
    const next = readStored(this.tab, RETURNING_KEY);
    writeStored(this.tab, RETURNING_KEY, null);
    if (next === null || !isReturn) return null;
    writeStored(this.shared, PENDING_KEY, null);
    return next === 'sign-in' ? 'sign-in' : 'stay';
  }

  /** Whether a sign-in may restart by itself: not twice within half a minute. */
  mayRestart(): boolean {
    const last = readStored(this.shared, RESTARTED_KEY);
    writeStored(this.shared, RESTARTED_KEY, String(this.now()));
    return last === null || Math.abs(this.now() - Number(last)) > RESTART_MS;
  }

  /** Whether this tab shows that its worker signed out. */
  get isSignedOut(): boolean {
    return readStored(this.tab, SIGNED_OUT_KEY) !== null;
  }

  set isSignedOut(value: boolean) {
    writeStored(this.tab, SIGNED_OUT_KEY, value ? '1' : null);
  }
}

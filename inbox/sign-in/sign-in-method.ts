/** How workers sign in and out. */
export interface SignInMethod {
  /** Takes up the session of this browser, or shows how to sign in. */
  start(): Promise<void>;
  /** Begins signing in, at a worker's click. */
  signIn(): Promise<void>;
  /** Signs out, and leaves nothing of the worker on the page. */
  signOut(): Promise<void>;
}

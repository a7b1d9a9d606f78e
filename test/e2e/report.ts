/** Counts the checks and prints a line for each, until the signal comes. */
export class Report {
  #passed = 0;
  #failed = 0;

  constructor(private readonly signal: AbortSignal) {}

  step(name: string): void {
    console.log(`\n${name}`);
  }

  /** Runs a check; a failure is printed and does not keep the next from running. */
  async check(promise: string, verify: () => unknown): Promise<void> {
    this.signal.throwIfAborted();
    try {
      await verify();
      this.#passed += 1;
      console.log(`  ok    ${promise}`);
    } catch (error) {
      this.signal.throwIfAborted();
      this.fail(promise, error);
    }
  }

  fail(what: string, error: unknown): void {
    this.#failed += 1;
    console.log(`  FAIL  ${what}\n${describe(error).replace(/^/gm, '        ')}`);
  }

  /** Prints the last line. @returns whether every check passed, and there were any. */
  close(): boolean {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\ncaused by: ${describe(error.cause)}`;
}

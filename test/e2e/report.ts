/** Counts the checks and prints a line for each, until the signal comes. */
export class Report {
  #passed = 0;
  #failed = 0;

  constructor(
    private readonly signal: AbortSignal,
    private readonly print: (lines: string) => void = console.log,
  ) {}

  step(name: string): void {
    this.print(`\n${name}`);
  }

  /** Runs a check; a failure is printed and does not keep the next from running. */
  async check(promise: string, verify: () => unknown): Promise<void> {
    this.signal.throwIfAborted();
    try {
      await verify();
      this.#passed += 1;
      this.print(`  ok    ${promise}`);
    } catch (error) {
      this.signal.throwIfAborted();
      this.fail(promise, error);
    }
  }

  /** Prints a detail below the last line. */
  note(text: string): void {
    this.print(`        ${text}`);
  }

  fail(what: string, error: unknown): void {
    this.#failed += 1;
    this.print(`  FAIL  ${what}\n${describe(error).replace(/^/gm, '        ')}`);
  }

  /** For work that runs beside other work. @returns the report for it, and how to print and count it in this one */
  aside(): { readonly aside: Report; readonly join: () => void } {
    const lines: string[] = [];
    const aside = new Report(this.signal, (line) => lines.push(line));
    const join = () => {
      for (const line of lines) this.print(line);
      this.#passed += aside.#passed;
      this.#failed += aside.#failed;
    };
    return { aside, join };
  }

  /** Prints the last line. @returns whether every check passed, and there were any. */
  close(): boolean {
    this.print(`\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\ncaused by: ${describe(error.cause)}`;
}

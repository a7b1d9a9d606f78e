interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that a test moves, with timers in its order. */
export class FakeTime {
  now = 0;
  readonly #timers = new Set<Timer>();

  readonly schedule = (run: () => void, afterMs: number): (() => void) => {
    const timer = { at: this.now + afterMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Lets time pass, and everything that is waiting for nothing else run. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    await settled();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
    }
    this.now = until;
  }

  #next(until: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
  }
}

/** Lets promises settle that wait for nothing but each other. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

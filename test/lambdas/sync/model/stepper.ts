/**
 * Holds a run at each await until the test lets it continue, so that a test decides what happens between any two
 * awaits. A killed run never continues, like a function that Lambda has ended.
 */
export class Stepper {
  readonly #held: (() => void)[] = [];
  #isAlive = true;

  /** Resolves when the test lets the run continue. */
  gate(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isAlive) this.#held.push(resolve);
    });
  }

  /** Lets one await end. False where the run is not held. */
  async step(): Promise<boolean> {
    await settled();
    const next = this.#held.shift();
    next?.();
    await settled();
    return next !== undefined;
  }

  kill(): void {
    this.#isAlive = false;
    this.#held.length = 0;
  }

  /** A call of the run: it may be held before it takes effect, and again before its response arrives. */
  async call<T>(effect: () => T | Promise<T>): Promise<T> {
    await this.gate();
    try {
      return await effect();
    } finally {
      await this.gate();
    }
  }

  async *iterate<T>(items: () => AsyncIterable<T>): AsyncGenerator<T> {
    await this.gate();
    for await (const item of items()) yield item;
  }
}

/** Resolves once everything has run that does not need the test. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

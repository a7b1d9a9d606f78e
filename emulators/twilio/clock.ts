interface Task {
  readonly due: number;
  readonly work: () => Promise<void>;
}

/** The longest delay of `setTimeout`, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The emulator's time and the work that is due later: delivery receipts and conversation timers. Work runs when
 * `advance` passes its time; if the clock ticks, also by itself.
 */
export class EmulatorClock {
  #offset = 0;
  #tasks: Task[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    readonly base: () => Date,
    readonly ticks: boolean,
  ) {}

  now(): Date {
    return new Date(this.base().getTime() + this.#offset);
  }

  /** Runs the work once its time has come; at once if it has. The work must not reject. */
  async schedule(due: Date, work: () => Promise<void>): Promise<void> {
    if (due <= this.now()) return work();
    this.#tasks.push({ due: due.getTime(), work });
    this.#arm();
  }

  /** Lets time pass, in milliseconds, and resolves after the work that fell due in it, oldest first. */
  advance(milliseconds: number): Promise<void> {
    const target = this.now().getTime() + milliseconds;
    this.#running = this.#running.then(() => this.#runUntil(target));
    return this.#running;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#tasks = [];
  }

  async #runUntil(target: number): Promise<void> {
    for (let task = this.#takeDue(target); task !== undefined; task = this.#takeDue(target)) {
      this.#moveTo(task.due);
      await task.work();
    }
    this.#moveTo(target);
    this.#arm();
  }

  #takeDue(target: number): Task | undefined {
    const next = this.#next();
    if (next === undefined || next.due > target) return undefined;
    this.#tasks = this.#tasks.filter((task) => task !== next);
    return next;
  }

  #next(): Task | undefined {
    const [first, ...others] = this.#tasks;
    return first && others.reduce((earliest, task) => (task.due < earliest.due ? task : earliest), first);
  }

  /** Time never goes back. */
  #moveTo(time: number): void {
    this.#offset += Math.max(time - this.now().getTime(), 0);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.ticks ? this.#next() : undefined;
    if (next === undefined) return;
    const delay = Math.min(Math.max(next.due - this.now().getTime(), 0), MAX_DELAY_MS);
    this.#timer = setTimeout(() => this.#tick(), delay);
    this.#timer.unref();
  }

  /** Begins all work that is due, because one that waits for the service must not hold up the others. */
  #tick(): void {
    const now = this.now().getTime();
    for (let task = this.#takeDue(now); task !== undefined; task = this.#takeDue(now)) void task.work();
    this.#arm();
  }
}

/** A webhook to the service, or a REST request of the service. */
export interface ActivityEntry {
  /** Counts up from 1. */
  readonly id: number;
  readonly at: Date;
  readonly to: 'service' | 'twilio';
  /** The event's name, or the request's method and path. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Null without a response. */
  readonly status: number | null;
  /** The response's body, or the reason for a missing one. */
  readonly response: string;
}

const MAX_ENTRIES = 500;

/** What happens between Twilio and the service, for a screen that shows it as it happens: the last 500 entries. */
export class Activity {
  #entries: ActivityEntry[] = [];
  #count = 0;
  readonly #waiting = new Set<() => void>();

  constructor(readonly now: () => Date) {}

  /** The id of the latest entry; 0 without one. */
  get last(): number {
    return this.#count;
  }

  add(entry: Omit<ActivityEntry, 'id' | 'at'>): void {
    this.#count += 1;
    this.#entries = [...this.#entries, { ...entry, id: this.#count, at: this.now() }].slice(-MAX_ENTRIES);
    this.wake();
  }

  /** Ends what `after` waits for, because something else than an entry has changed. */
  wake(): void {
    for (const end of this.#waiting) end();
  }

  /** The entries after one; without any, waits for the next, at most the given time. */
  async after(id: number, milliseconds: number): Promise<readonly ActivityEntry[]> {
    const found = () => this.#entries.filter((entry) => entry.id > id);
    if (found().length > 0) return found();
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      timer.unref();
      this.#waiting.add(end);
    });
    return found();
  }
}

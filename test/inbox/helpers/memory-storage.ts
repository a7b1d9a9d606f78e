import type { TextStorage } from '../../../inbox/state/stored';

/** A browser's storage. */
export class MemoryStorage implements TextStorage {
  readonly #values = new Map<string, string>();
  /** Whether it rejects every write, as a full one does. */
  isFull = false;

  get length(): number {
    return this.#values.size;
  }

  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.isFull) throw new Error('QuotaExceededError');
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

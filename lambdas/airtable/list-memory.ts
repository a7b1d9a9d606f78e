/** Airtable forgets a list after some minutes (Airtable contract 2.1); what is older than this is not worth a try. */
const KEPT_MS = 3 * 60_000;
const MOST = 500;

/** What was last seen at a place in a list; the oldest places are forgotten first. */
export class ListMemory<T> {
  readonly #places = new Map<string, { readonly value: T; readonly keptAt: number }>();

  keep(place: readonly (string | null)[], value: T): void {
    const key = JSON.stringify(place);
    this.#places.delete(key);
    this.#places.set(key, { value, keptAt: Date.now() });
    const [oldest] = this.#places.keys();
    if (this.#places.size > MOST && oldest !== undefined) this.#places.delete(oldest);
  }

  recall(place: readonly (string | null)[]): T | null {
    const kept = this.#places.get(JSON.stringify(place));
    return kept !== undefined && Date.now() - kept.keptAt < KEPT_MS ? kept.value : null;
  }
}

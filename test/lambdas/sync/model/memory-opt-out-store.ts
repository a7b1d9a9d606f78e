import type { OptOutEvent, OptOutStore, PendingOptOut } from '../../../../lambdas/opt-out/opt-out-store';

/** The opt-out table in memory. */
export class MemoryOptOutStore implements OptOutStore {
  readonly partitions = new Map<string, Map<string, OptOutEvent>>();
  readonly pending = new Map<string, PendingOptOut>();
  readonly own = new Set<string>();

  async record(address: string, event: OptOutEvent): Promise<'recorded' | 'known'> {
    if (!this.#put(address, event)) return 'known';
    this.pending.set(keyOf(address, event), { address, event });
    return 'recorded';
  }

  async recordFor(recordIds: readonly string[], event: OptOutEvent): Promise<void> {
    for (const recordId of recordIds) this.#put(recordId, event);
  }

  async eventsOf(partitions: readonly string[]): Promise<OptOutEvent[]> {
    return partitions.flatMap((partition) => [...(this.partitions.get(partition)?.values() ?? [])]);
  }

  async *scan(): AsyncGenerator<{ readonly partition: string; readonly event: OptOutEvent }> {
    for (const [partition, events] of this.partitions) {
      for (const event of events.values()) yield { partition, event };
    }
  }

  async listPending(): Promise<PendingOptOut[]> {
    return [...this.pending.values()];
  }

  async settle({ address, event }: PendingOptOut): Promise<void> {
    this.pending.delete(keyOf(address, event));
  }

  async ownTicks(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(recordIds.filter((id) => this.own.has(id)));
  }

  async setOwnTick(recordId: string, ours: boolean): Promise<void> {
    if (ours) this.own.add(recordId);
    else this.own.delete(recordId);
  }

  #put(partition: string, event: OptOutEvent): boolean {
    const events = this.partitions.get(partition) ?? new Map<string, OptOutEvent>();
    this.partitions.set(partition, events);
    const key = keyOf(partition, event);
    if (events.has(key)) return false;
    events.set(key, event);
    return true;
  }
}

function keyOf(partition: string, { at, id }: OptOutEvent): string {
  return JSON.stringify([partition, at, id]);
}

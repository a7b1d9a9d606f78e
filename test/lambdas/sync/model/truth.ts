import type { OptOutCell } from '../../../../lambdas/customers/customer';
import type { AddressKey } from '../../../../lambdas/phone-number/address';
import type { StoredCustomer } from '../../../../lambdas/replica/replica-store';
import type { MemoryBase } from './memory-base';

/** A record's real content, under any names of its columns; null for one that did not exist. */
interface Truth {
  readonly optOutCell: OptOutCell;
  readonly addressKeys: readonly AddressKey[];
}

interface Moment {
  readonly at: number;
  readonly truth: Truth | null;
}

/** The content of each record of the base over time. */
export class TruthHistory {
  readonly #moments = new Map<string, Moment[]>();

  constructor(
    private readonly base: MemoryBase,
    private readonly now: () => number,
  ) {}

  note(recordId: string): void {
    const read = this.base.truth(recordId);
    const truth = read !== null && 'mapped' in read ? read.mapped.customer : null;
    const moments = this.#moments.get(recordId) ?? [];
    this.#moments.set(recordId, [...moments, { at: this.now(), truth }]);
  }

  /** The record's content since a time, including at that time. */
  since(recordId: string, time: number): readonly Moment[] {
    const moments = this.#moments.get(recordId) ?? [];
    const later = moments.findIndex(({ at }) => at >= time);
    return moments.slice(Math.max(0, (later < 0 ? moments.length : later) - 1));
  }

  /** Whether the base has had the replica's content since the customer was read. */
  hasSaid({ recordId, readAt, optOutCell, addressKeys }: StoredCustomer): boolean {
    return this.since(recordId, readAt).some(
      ({ truth }) =>
        truth?.optOutCell === optOutCell && JSON.stringify(truth.addressKeys) === JSON.stringify(addressKeys),
    );
  }

  /** When the record was first gone since the customer was read; null where it never was. */
  goneAt({ recordId, readAt }: StoredCustomer): number | null {
    return this.since(recordId, readAt).find(({ truth }) => truth === null)?.at ?? null;
  }
}

import type { OptOutCell } from '../../../../lambdas/customers/customer';
import type { AddressKey } from '../../../../lambdas/phone-number/address';
import type { StoredCustomer } from '../../../../lambdas/replica/replica-store';
import type { MemoryBase } from './memory-base';

/** What a record really said, whatever its columns were called; null for one that was not there. */
interface Truth {
  readonly optOutCell: OptOutCell;
  readonly addressKeys: readonly AddressKey[];
}

interface Moment {
  readonly at: number;
  readonly truth: Truth | null;
}

/** What each record of the base has said, and when. */
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

  /** All that the record has said since a time, what it said at that time included. */
  since(recordId: string, time: number): readonly Moment[] {
    const moments = this.#moments.get(recordId) ?? [];
    const later = moments.findIndex(({ at }) => at >= time);
    return moments.slice(Math.max(0, (later < 0 ? moments.length : later) - 1));
  }

  /** Whether the base has said, since the customer was read, what the replica says of it. */
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

import type { AirtableCustomerWriter } from '../airtable/airtable-customer-writer';
import { UnknownOutcomeError } from '../airtable/airtable-errors';
import { CreationUnknownError } from '../customers/add-customer';
import type { Customer } from '../customers/customer';
import type { CreatedCustomer, CustomerWriter, NewCustomer } from '../customers/customer-repository';
import { errorMessage } from '../errors';
import { handTickEvents, isTickedByHand } from '../opt-out/hand-tick';
import type { OptOutStore } from '../opt-out/opt-out-store';
import type { ReplicaStore } from '../replica/replica-store';
import type { RequestLog } from '../telemetry/request-log';

export interface WriterParts {
  readonly airtable: Pick<AirtableCustomerWriter, 'createCustomer' | 'deleteCustomer'>;
  readonly store: Pick<ReplicaStore, 'putCustomer' | 'deleteCustomer'>;
  readonly optOuts: Pick<OptOutStore, 'ownTicks' | 'record'>;
  readonly requestLog: RequestLog;
  /** Called with a customer before it leaves the replica. @default nothing */
  readonly beforeRemoval?: (customers: readonly Customer[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Changes Airtable first, then the replica, so that the worker sees the change at once. If the replica's change fails,
 * the next run of sync repairs it, because it reads the record again.
 */
export class ReplicatedCustomerWriter implements CustomerWriter {
  constructor(private readonly parts: WriterParts) {}

  async createCustomer(wanted: NewCustomer): Promise<CreatedCustomer> {
    const { airtable, store, requestLog } = this.parts;
    const { mapped, readAt } = await airtable.createCustomer(wanted).catch((error: unknown) => {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      throw new CreationUnknownError(error.message, error.retryAfterSeconds, {
        userMessage: 'Airtable did not say whether the customer was added. Please look for them in a minute.',
        cause: error,
      });
    });
    requestLog.about({ customerId: mapped.customer.id });
    const isInReplica = await this.#followUp('A created customer', () =>
      store.putCustomer({ ...mapped, readAt, stored: null, refresh: false }),
    );
    return { customer: mapped.customer, isInReplica };
  }

  /**
   * A tick that a person set becomes an event before the customer leaves the replica, so that the number stays opted
   * out.
   */
  async deleteCustomer(customer: Customer): Promise<void> {
    const { airtable, store, optOuts, now } = this.parts;
    const last = await airtable.deleteCustomer(customer.recordId);
    // A read sent before this moment may still show the record, a later one does not.
    const leftAt = now();
    await this.#followUp('A deleted customer', async () => {
      const ownTicks = await optOuts.ownTicks([customer.recordId]);
      // The replica may not have the tick or the number yet, and the base may have lost its column: either one counts.
      const known = last === null ? [customer] : [customer, last];
      if (known.some((each) => isTickedByHand(each, ownTicks.has(customer.recordId)))) {
        for (const { address, event } of known.flatMap((each) => handTickEvents(each, leftAt))) {
          await optOuts.record(address, event);
        }
      }
      await this.parts.beforeRemoval?.(known);
      await store.deleteCustomer(customer.recordId, leftAt, leftAt);
    });
  }

  /** @returns whether it succeeded. */
  async #followUp(what: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.parts.requestLog.warn(
        `${what} is not in the replica yet; sync does it later: ${errorMessage(error)}`,
      );
      return false;
    }
  }
}

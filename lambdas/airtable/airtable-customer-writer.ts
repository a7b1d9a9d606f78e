import type { Customer, MappedCustomer, OwnerColumn } from '../customers/customer';
import type { NewCustomer } from '../customers/customer-repository';
import type { AirtableClient } from './airtable-client';
import { GoneOrForbiddenError } from './airtable-errors';
import type { Cells } from './airtable-records';
import { COLUMN, CUSTOMERS } from './columns';
import { type MappingOptions, mapCustomer } from './customer-record';
import { explainCreateRejection, explainRejection, writeInFirstForm } from './write-customer';

export interface CreatedCustomer {
  readonly mapped: MappedCustomer;
  /** When the request was sent, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** Writes workers' changes to the team's base. The caller puts what Airtable accepted into the replica. */
export class AirtableCustomerWriter {
  constructor(
    private readonly client: AirtableClient,
    private readonly options: MappingOptions & {
      /** How the `owner` column stores a worker, as sync found it; this form is tried first. */
      readonly ownerColumn: OwnerColumn;
    },
  ) {}

  /**
   * @throws {BadRequestError} where the column `owner` does not accept the worker.
   * @throws {UnknownOutcomeError} where it is unknown whether the record was created.
   * @throws {ServiceUnavailableError} where the record was not created.
   */
  async createCustomer({ name, owner, sms, whatsapp }: NewCustomer): Promise<CreatedCustomer> {
    const create = (ownerForm: unknown) =>
      this.client.create(CUSTOMERS, {
        [COLUMN.name]: name,
        [COLUMN.owner]: ownerForm,
        ...withoutNull({ [COLUMN.sms]: sms, [COLUMN.whatsapp]: whatsapp }),
      });
    const asText: unknown = owner;
    const asCollaborator: unknown = { email: owner };
    const isCollaborator = this.options.ownerColumn === 'collaborator';
    const { record, readAt } = await writeInFirstForm(
      isCollaborator ? [asCollaborator, asText] : [asText, asCollaborator],
      create,
    ).catch((error: unknown) => {
      throw explainCreateRejection(error);
    });
    return { mapped: mapCustomer(record, this.options), readAt };
  }

  /**
   * Deletes a record. One that is already gone counts as deleted.
   * @returns the customer as the base had it just before, because it cannot be read afterwards; null for one that was
   * gone.
   */
  async deleteCustomer(recordId: string): Promise<Customer | null> {
    const last = await this.#read(recordId);
    if (last === null) return null;
    try {
      await this.client.delete(CUSTOMERS, recordId);
    } catch (error) {
      // Airtable responds alike for a record that is gone and for one that the token may not delete
      // (airtable.md#errors).
      if (!(error instanceof GoneOrForbiddenError) || (await this.#read(recordId)) !== null) {
        throw explainRejection(error);
      }
    }
    return last;
  }

  async #read(recordId: string): Promise<Customer | null> {
    const { records } = await this.client.listByIds(CUSTOMERS, [recordId]);
    const [record] = records;
    return record === undefined ? null : mapCustomer(record, this.options).customer;
  }
}

function withoutNull(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null));
}

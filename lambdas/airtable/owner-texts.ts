import { type AirtableBase, LARGEST_PAGE } from './airtable-base';
import type { BaseKnowledge } from './base-knowledge';
import { COLUMN, CUSTOMERS } from './customer-record';
import { and, columnText, notEqual, text } from './formula';
import { listRecords } from './list-records';

/**
 * The texts that stand for a worker in the `owner` column, as a formula sees it: the identity, or, where the column
 * holds collaborators, the display names of the one with this e-mail (Airtable contract 5.3).
 */
export class OwnerTexts {
  constructor(
    private readonly base: AirtableBase,
    private readonly knowledge: BaseKnowledge,
  ) {}

  /** None for a worker who is known to own nobody. */
  async textsOf(worker: string): Promise<readonly string[]> {
    if (this.knowledge.ownerKind() !== 'collaborator') return [worker];
    if (this.knowledge.displayNamesOf(worker).length === 0 && !this.areKnown) await this.learn();
    return this.knowledge.displayNamesOf(worker);
  }

  /** Whether a list that comes out empty can only mean that the worker has no such customers. */
  get areKnown(): boolean {
    return this.knowledge.ownerKind() === 'text' || this.knowledge.knowsAllOwners;
  }

  /** Reads records of owners not seen yet, until there are none: one request for most teams, once in a while. */
  async learn(): Promise<void> {
    const ownerText = columnText(COLUMN.owner);
    for (;;) {
      const seen = this.knowledge.allDisplayNames;
      await listRecords(this.base, this.knowledge, CUSTOMERS, [COLUMN.owner], () => ({
        fields: [COLUMN.owner],
        filterByFormula: and(...['', ...seen].map((name) => notEqual(ownerText, text(name)))),
        pageSize: LARGEST_PAGE,
      }));
      if (this.knowledge.allDisplayNames.length === seen.length) break;
    }
    this.knowledge.sawAllOwners();
  }
}

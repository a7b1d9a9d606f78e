import type { AirtableRecord } from './airtable-records';
import { readCollaborator, readText } from './cells';
import { COLUMN, cell } from './customer-record';

/** How long something learned is believed: the team may add a column or invite a colleague at any time. */
const BELIEVED_MS = 5 * 60_000;

type OwnerKind = 'unknown' | 'text' | 'collaborator';

/**
 * What a container has learned of a base by using it, so that it need not ask again: which columns it lacks, and
 * whether `owner` is a text or a collaborator. (The schema itself would need a scope that the service has no other
 * use for.)
 */
export class BaseKnowledge {
  readonly #missingSince = new Map<string, number>();
  readonly #namesByEmail = new Map<string, Set<string>>();
  /** Whether `opt_out` was last seen to hold a text and not a checkbox. */
  keepsOptOutAsText = false;
  #owner: OwnerKind = 'unknown';
  #ownerSeenAt = Number.NEGATIVE_INFINITY;
  #allOwnersSeenAt = Number.NEGATIVE_INFINITY;

  /** Whether the table has the column or view, as far as is known. */
  has(table: string, name: string): boolean {
    const since = this.#missingSince.get(placeOf(table, name));
    return since === undefined || Date.now() - since > BELIEVED_MS;
  }

  lacks(table: string, name: string): void {
    this.#missingSince.set(placeOf(table, name), Date.now());
  }

  ownerKind(): OwnerKind {
    return Date.now() - this.#ownerSeenAt < BELIEVED_MS ? this.#owner : 'unknown';
  }

  /** A formula sees only a collaborator's display name; the e-mail is learned from the records that are read. */
  displayNamesOf(email: string): readonly string[] {
    return [...(this.#namesByEmail.get(email) ?? [])].sort();
  }

  get allDisplayNames(): readonly string[] {
    return [...this.#namesByEmail.values()].flatMap((names) => [...names]);
  }

  /** Whether all owners of the base were looked through lately, so that one who is not known has no customers. */
  get knowsAllOwners(): boolean {
    return Date.now() - this.#allOwnersSeenAt < BELIEVED_MS;
  }

  sawAllOwners(): void {
    this.#allOwnersSeenAt = Date.now();
  }

  learnFrom(records: readonly AirtableRecord[]): void {
    for (const record of records) {
      const owner = cell(record, COLUMN.owner);
      const collaborator = readCollaborator(owner);
      if (collaborator !== null) {
        this.#sawOwner('collaborator');
        const names = this.#namesByEmail.get(collaborator.email) ?? new Set();
        this.#namesByEmail.set(collaborator.email, names.add(collaborator.name));
      } else if (readText(owner) !== null) {
        this.#sawOwner('text');
      }
      const optOut = cell(record, COLUMN.optOut);
      if (optOut !== undefined) this.keepsOptOutAsText = typeof optOut === 'string';
    }
  }

  #sawOwner(kind: OwnerKind): void {
    this.#owner = kind;
    this.#ownerSeenAt = Date.now();
  }
}

/** Airtable may name a column in lower case (Airtable contract 1.3). */
function placeOf(table: string, name: string): string {
  return `${table}/${name.toLowerCase()}`;
}

const bases = new Map<string, BaseKnowledge>();

/** What this container knows of a base, named by its address. */
export function knowledgeOf(baseAddress: string): BaseKnowledge {
  const known = bases.get(baseAddress) ?? new BaseKnowledge();
  bases.set(baseAddress, known);
  return known;
}

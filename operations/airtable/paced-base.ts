import type { Cells, ListParameters } from '../../lambdas/airtable/airtable-base';
import { LARGEST_PAGE } from '../../lambdas/airtable/airtable-base';
import { GoneOrForbidden, tableOutOfReach } from '../../lambdas/airtable/airtable-errors';
import { type AirtableRecord, RecordPage } from '../../lambdas/airtable/airtable-records';
import { isListLost } from '../../lambdas/airtable/list-records';
import { Misconfigured, Unavailable } from '../../lambdas/errors/errors';
import { AnswerLost, type BaseAccess, PacedRequests, type Pacing, type Question } from './paced-requests';
import { BaseSchema, type FieldDraft, FieldModel, type TableDraft, TableModel } from './schema';

export { AnswerLost, type BaseAccess, type Pacing };

/** More records than this are refused in one write (Airtable contract 3.1). */
export const BATCH = 10;

/** How often a list is begun when Airtable loses it half way. */
const LISTINGS = 2;

export interface ListAllOptions {
  /** All columns when left out. */
  readonly fields?: readonly string[];
  /** Is told after each page how many records have come. */
  readonly onPage?: (records: number) => void;
}

/**
 * An Airtable base for work that takes as long as it takes: whole tables, whole files, its very schema. All that this
 * process asks of a base keeps one pace; a 429 is waited out, and what failed is tried again where that is safe.
 */
export class PacedBase {
  readonly #requests: PacedRequests;

  constructor(
    private readonly access: BaseAccess,
    pacing: Pacing = {},
  ) {
    this.#requests = new PacedRequests(access, pacing);
  }

  /** Waits as long as so many requests take, for the service makes them at our bidding. */
  leaveRoomFor(requests: number): Promise<void> {
    return this.#requests.leaveRoomFor(requests);
  }

  /** @throws {Misconfigured} where the token may not. */
  readSchema(): Promise<BaseSchema> {
    return this.#requests
      .ask({ method: 'GET', path: this.#schemaPath, repeatable: true, answer: BaseSchema })
      .catch((error: unknown) => {
        throw error instanceof GoneOrForbidden ? schemaOutOfReach('schema.bases:read', error) : error;
      });
  }

  /**
   * @throws {Misconfigured} where the token may not.
   * @throws {AnswerLost} where nobody knows whether it was done. Names are unique: doing it again is then refused.
   */
  createTable(draft: TableDraft): Promise<TableModel> {
    return this.#createPart(this.#schemaPath, draft, TableModel);
  }

  /** Likewise, a column of a table. */
  createField(tableId: string, draft: FieldDraft): Promise<FieldModel> {
    return this.#createPart(`${this.#schemaPath}/${encodeURIComponent(tableId)}/fields`, draft, FieldModel);
  }

  /** One page, by POST: a formula may be longer than a URL. @throws {Misconfigured} where the table is out of reach. */
  async list(table: string, parameters: ListParameters): Promise<RecordPage> {
    const path = `${this.#tablePath(table)}/listRecords`;
    return this.#requests
      .ask({ method: 'POST', path, body: parameters, repeatable: true, answer: RecordPage })
      .catch((error: unknown) => {
        throw error instanceof GoneOrForbidden ? tableOutOfReach(table, error) : error;
      });
  }

  /** Every record of the table, from the top once more where Airtable loses the list half way. */
  async listAll(table: string, options: ListAllOptions = {}): Promise<readonly AirtableRecord[]> {
    for (let listing = 1; ; listing++) {
      try {
        return await this.#listFromTop(table, options);
      } catch (error) {
        if (!isListLost(error)) throw error;
        if (listing === LISTINGS)
          throw new Unavailable('Airtable lost the list while it was read', 0, { cause: error });
      }
    }
  }

  /**
   * Creates up to 10 records: all or, where one is refused, none (Airtable contract 3.1).
   * @throws {AnswerLost} where nobody knows whether they are there: look before doing it again.
   */
  async create(table: string, rows: readonly Cells[]): Promise<readonly AirtableRecord[]> {
    if (rows.length === 0) return [];
    const body = { records: rows.map((fields) => ({ fields })) };
    const path = this.#tablePath(table);
    const { records } = await this.#requests
      .ask({ method: 'POST', path, body, repeatable: false, answer: RecordPage })
      .catch((error: unknown) => {
        throw error instanceof GoneOrForbidden ? tableOutOfReach(table, error) : error;
      });
    return records;
  }

  async #listFromTop(table: string, { fields, onPage }: ListAllOptions): Promise<readonly AirtableRecord[]> {
    const records: AirtableRecord[] = [];
    let offset: string | undefined;
    do {
      const page = await this.list(table, {
        pageSize: LARGEST_PAGE,
        ...(fields && { fields }),
        ...(offset !== undefined && { offset }),
      });
      records.push(...page.records);
      offset = page.offset;
      onPage?.(records.length);
    } while (offset !== undefined);
    return records;
  }

  async #createPart<T>(path: string, body: object, answer: Question<T>['answer']): Promise<T> {
    return this.#requests
      .ask({ method: 'POST', path, body, repeatable: false, answer })
      .catch((error: unknown) => {
        throw error instanceof GoneOrForbidden ? schemaOutOfReach('schema.bases:write', error) : error;
      });
  }

  get #schemaPath(): string {
    return `meta/bases/${this.access.baseId}/tables`;
  }

  #tablePath(table: string): string {
    return `${this.access.baseId}/${encodeURIComponent(table)}`;
  }
}

function schemaOutOfReach(scope: string, cause: unknown): Misconfigured {
  return new Misconfigured(
    [
      `The token may not ${scope.endsWith('write') ? 'change' : 'read'} the base's tables and columns: give it the base ` +
        `and the scope ${scope} (Airtable > Builder hub > Personal access tokens), or put one that has them into ` +
        'AIRTABLE_SETUP_API_KEY',
    ],
    { cause },
  );
}

import {
  type AirtableAccess,
  AirtableClient,
  baseAddressOf,
  type ListParameters,
  MAX_PAGE_SIZE,
} from '../../lambdas/airtable/airtable-client';
import {
  GoneOrForbiddenError,
  isListIteratorExpired,
  tableOutOfReach,
} from '../../lambdas/airtable/airtable-errors';
import {
  type AirtableRecord,
  type Cells,
  pages,
  type RecordPage,
} from '../../lambdas/airtable/airtable-records';
import { type PatientOptions, patientTransport } from '../../lambdas/airtable/airtable-transport';
import { ConfigurationError, CredentialsRejectedError, ServiceUnavailableError } from '../../lambdas/errors';
import { limiterOf, type RateLimiter } from '../../lambdas/http-client/rate-limiter';
import { BaseSchema, type FieldDraft, FieldModel, type TableDraft, TableModel } from './schema';

export type { AirtableAccess as BaseAccess };

export interface Pacing extends Partial<PatientOptions> {
  /** @default 4: leaves one of Airtable's five to the service */
  readonly requestsPerSecond?: number;
}

/** How often a list is started if Airtable's list iterator expires while paging. */
const LISTINGS = 2;

export interface ListAllOptions {
  /** All columns when left out. */
  readonly fields?: readonly string[];
  /** A view, which filters and sorts the records. All records when left out. */
  readonly view?: string;
  /** Called after each page with the number of records received. */
  readonly onPage?: (records: number) => void;
}

/** The base's rate limiter, shared by the whole process unless the caller passes another. */
function limiterFor(access: AirtableAccess, { limiter, requestsPerSecond, clock }: Pacing): RateLimiter {
  return limiter ?? limiterOf(baseAddressOf(access), requestsPerSecond, clock);
}

/** An Airtable client for work that may take minutes: waits out a 429, and retries failures where that is safe. */
export function openAirtable(access: AirtableAccess, pacing: Pacing = {}): AirtableClient {
  return new AirtableClient(access, patientTransport({ ...pacing, limiter: limiterFor(access, pacing) }));
}

/** An Airtable base for whole tables, whole files, and its schema. */
export class PacedBase {
  readonly #client: AirtableClient;
  readonly #schemaPath: string;

  constructor(
    private readonly access: AirtableAccess,
    private readonly pacing: Pacing = {},
  ) {
    this.#client = openAirtable(access, pacing);
    this.#schemaPath = `meta/bases/${access.baseId}/tables`;
  }

  /** Waits as long as this many requests take, because the service sends them for this command. */
  async leaveRoomFor(requests: number): Promise<void> {
    const limiter = limiterFor(this.access, this.pacing);
    for (let slot = 0; slot < requests; slot += 1) await limiter.acquire(this.pacing.signal);
  }

  /** @throws {ConfigurationError} if the token lacks permission */
  readSchema(): Promise<BaseSchema> {
    return this.#client
      .call({ method: 'GET', path: this.#schemaPath, idempotent: true, answer: BaseSchema })
      .catch(explained((cause) => schemaOutOfReach('schema.bases:read', cause)));
  }

  /**
   * @throws {ConfigurationError} if the token lacks permission
   * @throws {UnknownOutcomeError} if it is unknown whether it was created. Names are unique: Airtable rejects a duplicate.
   */
  createTable(draft: TableDraft): Promise<TableModel> {
    return this.#client
      .call({ method: 'POST', path: this.#schemaPath, body: draft, idempotent: false, answer: TableModel })
      .catch(explained((cause) => schemaOutOfReach('schema.bases:write', cause)));
  }

  /** Likewise, a column of a table. */
  createField(tableId: string, draft: FieldDraft): Promise<FieldModel> {
    const path = `${this.#schemaPath}/${encodeURIComponent(tableId)}/fields`;
    return this.#client
      .call({ method: 'POST', path, body: draft, idempotent: false, answer: FieldModel })
      .catch(explained((cause) => schemaOutOfReach('schema.bases:write', cause)));
  }

  /** One page. @throws {ConfigurationError} if the table is missing or forbidden */
  list(table: string, parameters: ListParameters = {}): Promise<RecordPage> {
    return this.#client.list(table, parameters).catch(explained((cause) => tableOutOfReach(table, cause)));
  }

  /** Every record of a list, page by page. */
  pages(table: string, parameters: ListParameters = {}): AsyncGenerator<RecordPage, void> {
    return pages((from) => this.list(table, { ...parameters, ...from }));
  }

  /** Every record of the table. Restarts once if Airtable's list iterator expires while paging. */
  async listAll(table: string, options: ListAllOptions = {}): Promise<readonly AirtableRecord[]> {
    for (let listing = 1; ; listing++) {
      try {
        return await this.#listFromTop(table, options);
      } catch (error) {
        if (!isListIteratorExpired(error)) throw error;
        if (listing === LISTINGS)
          throw new ServiceUnavailableError('Airtable lost the list while it was read', 0, { cause: error });
      }
    }
  }

  /**
   * Creates up to 10 records: all, or none if one is rejected (airtable.md#writing-records).
   * @throws {UnknownOutcomeError} if it is unknown whether they were created: check before retrying
   */
  create(table: string, rows: readonly Cells[]): Promise<readonly AirtableRecord[]> {
    return this.#client.createAll(table, rows).catch(explained((cause) => tableOutOfReach(table, cause)));
  }

  async #listFromTop(
    table: string,
    { onPage, ...parameters }: ListAllOptions,
  ): Promise<readonly AirtableRecord[]> {
    const records: AirtableRecord[] = [];
    for await (const page of this.pages(table, { pageSize: MAX_PAGE_SIZE, ...parameters })) {
      records.push(...page.records);
      onPage?.(records.length);
    }
    return records;
  }
}

/** Adds the fix to an error. */
function explained(outOfReach: (cause: GoneOrForbiddenError) => Error): (error: unknown) => never {
  return (error) => {
    if (error instanceof GoneOrForbiddenError) throw outOfReach(error);
    // The service's message names the deployed secret. Here it may be either token, and there may be no secret.
    if (error instanceof CredentialsRejectedError) {
      throw new CredentialsRejectedError(
        'Airtable',
        'Airtable does not know the token: it was mistyped, deleted or regenerated. Make one at Builder hub > Personal ' +
          'access tokens',
      );
    }
    throw error;
  };
}

function schemaOutOfReach(scope: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(
    [
      `The token may not ${scope.endsWith('write') ? 'change' : 'read'} the base's tables and columns: give it the base ` +
        `and the scope ${scope} (Airtable > Builder hub > Personal access tokens), or put one that has them into ` +
        'AIRTABLE_SETUP_API_KEY',
    ],
    { cause },
  );
}

import * as v from 'valibot';
import type { AirtableClient } from '../../lambdas/airtable/airtable-client';
import { AirtableApiError, GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { pages } from '../../lambdas/airtable/airtable-records';
import { AirtableWebhooks } from '../../lambdas/airtable/airtable-webhooks';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import { CredentialsRejectedError } from '../../lambdas/errors';
import { type BaseAccess, openAirtable, type Pacing } from './rate-limited-base';
import { BaseSchema } from './schema';

/** A token's permissions, as far as read-only requests show them. */
export interface TokenDescription {
  /** Whether Airtable knows the token. An unknown token has no permissions. */
  readonly isKnown: boolean;
  /** The bases that it can access; null if it may not list them. */
  readonly bases: readonly Base[] | null;
  readonly mayReadSchema: boolean;
  /** Null if the base has no table to test it on. */
  readonly mayReadRecords: boolean | null;
  /** Null if it was not tested, or if there is no table to test it on. */
  readonly mayWriteRecords: boolean | null;
  /** Whether it can list the base's webhooks. To create one, its owner must also be a creator, which cannot be read. */
  readonly mayManageWebhooks: boolean;
  /** The table that was tested. Without the schema it is assumed to exist. */
  readonly triedTable: string | null;
  /** The names of the base's tables; null if the token may not read them. */
  readonly tables: readonly string[] | null;
}

export interface Base {
  readonly id: string;
  readonly name: string;
}

const UNKNOWN_TOKEN: TokenDescription = {
  isKnown: false,
  bases: null,
  mayReadSchema: false,
  mayReadRecords: false,
  mayWriteRecords: false,
  mayManageWebhooks: false,
  triedTable: null,
  tables: null,
};

/** How a token is tested. */
export interface TokenTrial {
  /** Whether to send an update of a record that cannot exist, which changes nothing. */
  readonly tryWriting: boolean;
  /** The base's tables as read with another token, for a token that may not read them. */
  readonly tables?: readonly string[] | null;
  readonly pacing?: Pacing;
}

/** The permissions of the service's and setup's tokens; the same description if there is only one token. */
export async function describeTokens(
  base: Omit<BaseAccess, 'apiKey'>,
  { apiKey, setupApiKey }: { readonly apiKey: string; readonly setupApiKey: string },
  trial: TokenTrial,
): Promise<{ readonly service: TokenDescription; readonly setup: TokenDescription }> {
  if (setupApiKey === apiKey) {
    const both = await describeToken({ ...base, apiKey }, trial);
    return { service: both, setup: both };
  }
  const setup = await describeToken({ ...base, apiKey: setupApiKey }, { ...trial, tryWriting: false });
  return { service: await describeToken({ ...base, apiKey }, { ...trial, tables: setup.tables }), setup };
}

/**
 * Reads the token's permissions. Permission to change the schema cannot be tested without a change.
 * @throws {ServiceUnavailableError} if Airtable does not respond
 */
export async function describeToken(access: BaseAccess, options: TokenTrial): Promise<TokenDescription> {
  const airtable = openAirtable(access, options.pacing);
  try {
    await get(airtable, 'meta/whoami', v.object({ id: v.string() }));
  } catch (error) {
    if (error instanceof CredentialsRejectedError) return UNKNOWN_TOKEN;
    throw error;
  }
  const schema = await unlessForbidden(get(airtable, `meta/bases/${access.baseId}/tables`, BaseSchema));
  const tables = schema?.tables.map(({ name }) => name) ?? null;
  const names = tables ?? options.tables ?? [CUSTOMERS];
  const table = names.includes(CUSTOMERS) ? CUSTOMERS : (names[0] ?? null);
  const mayReadRecords = table === null ? null : await mayRead(airtable, table);
  const webhooks = await unlessForbidden(new AirtableWebhooks(access, airtable).listWebhooks());
  return {
    isKnown: true,
    bases: schema === null || mayReadRecords === false ? await basesOf(airtable) : null,
    mayReadSchema: schema !== null,
    mayReadRecords,
    mayWriteRecords: table === null || !options.tryWriting ? null : await mayWrite(airtable, table),
    mayManageWebhooks: webhooks !== null,
    triedTable: table,
    tables,
  };
}

/** The bases that a token can access, to choose from; null if it may not list them. */
export async function listBases(
  access: Pick<BaseAccess, 'url' | 'apiKey'>,
  pacing?: Pacing,
): Promise<readonly Base[] | null> {
  return basesOf(openAirtable({ ...access, baseId: '' }, pacing));
}

async function basesOf(airtable: AirtableClient): Promise<readonly Base[] | null> {
  const bases: Base[] = [];
  const read = async ({ offset }: { readonly offset?: string }) => {
    const query = offset === undefined ? '' : `?offset=${encodeURIComponent(offset)}`;
    return get(airtable, `meta/bases${query}`, BasePage);
  };
  const readAll = async () => {
    for await (const page of pages(read)) bases.push(...page.bases);
    return bases;
  };
  return unlessForbidden(readAll());
}

const BasePage = v.object({
  bases: v.array(v.object({ id: v.string(), name: v.string() })),
  offset: v.exactOptional(v.string()),
});

async function mayRead(airtable: AirtableClient, table: string): Promise<boolean> {
  return (await unlessForbidden(airtable.list(table, { pageSize: 1 }))) !== null;
}

/** Has the form of a record id, but is too regular to exist. */
const NO_RECORD = 'rec00000000000000';

/** Airtable checks the permission before the record, so a missing record proves the permission (airtable.md#errors). */
async function mayWrite(airtable: AirtableClient, table: string): Promise<boolean> {
  const update = async () => {
    await airtable.update(table, [NO_RECORD], {});
    return true;
  };
  return unlessForbidden(update()).then(
    (done) => done !== null,
    (error: unknown) => {
      if (error instanceof AirtableApiError && error.type === 'ROW_DOES_NOT_EXIST') return true;
      throw error;
    },
  );
}

function get<T>(airtable: AirtableClient, path: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
  return airtable.call({ method: 'GET', path, idempotent: true, answer });
}

async function unlessForbidden<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof GoneOrForbiddenError) return null;
    throw error;
  }
}

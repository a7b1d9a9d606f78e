import * as v from 'valibot';
import type { AirtableClient } from '../../lambdas/airtable/airtable-client';
import { AirtableApiError, GoneOrForbiddenError } from '../../lambdas/airtable/airtable-errors';
import { pages } from '../../lambdas/airtable/airtable-records';
import { AirtableWebhooks } from '../../lambdas/airtable/airtable-webhooks';
import { CUSTOMERS } from '../../lambdas/airtable/columns';
import { CredentialsRejectedError } from '../../lambdas/errors';
import type { Limit, ManualStep } from '../plan/plan';
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

/** The access that a token lacks for its use, and where to grant it. */
export function tokenProblems(
  token: TokenDescription,
  use: {
    readonly variable: string;
    readonly baseId: string;
    readonly needs: readonly ('records' | 'schema')[];
  },
): readonly ManualStep[] {
  const { variable, baseId, needs } = use;
  if (!token.isKnown) {
    return [
      {
        what: `Airtable rejected the token in ${variable}: it was mistyped, deleted or regenerated`,
        fix: `Create one at ${TOKENS} > Create new token, and put it into ${variable}`,
      },
    ];
  }
  if (token.bases?.every(({ id }) => id !== baseId)) return [baseMissing(variable, baseId, token.bases)];
  const scopes: string[] = [];
  if (needs.includes('schema') && !token.mayReadSchema) scopes.push('schema.bases:read');
  if (needs.includes('records') && token.mayReadRecords === false) scopes.push('data.records:read');
  if (needs.includes('records') && token.mayWriteRecords === false) scopes.push('data.records:write');
  return scopes.length === 0 ? [] : [scopesMissing(variable, baseId, scopes, token)];
}

/**
 * Features that the service lacks because its token lacks scopes, and where to grant them.
 * @param token the service's own, without any `tokenProblems`
 */
export function tokenLimits(
  { isKnown, mayManageWebhooks, mayReadSchema }: TokenDescription,
  variable: string,
): readonly Limit[] {
  if (!isKnown) return [];
  const scopes = [
    ...(mayManageWebhooks ? [] : ['webhook:manage']),
    ...(mayReadSchema ? [] : ['schema.bases:read']),
  ];
  if (scopes.length === 0) return [];
  const list = scopes.join(' and ');
  const loss = mayManageWebhooks
    ? 'the service cannot see which table changed, and every change in the base costs more requests to Airtable'
    : 'Airtable cannot notify the service of changes: they are detected when the whole base is read, every few hours instead of within seconds';
  const owner = mayManageWebhooks ? '' : '. The owner of the token has to be a creator of the base';
  return [
    {
      what: `The token in ${variable} lacks ${scopes.length === 1 ? 'the scope' : 'the scopes'} ${list}, so ${loss}`,
      fix: `To change that: ${TOKENS} > the token > Scopes > Add a scope > ${list} > Save changes${owner}`,
    },
  ];
}

const TOKENS = 'airtable.com > Builder hub > Personal access tokens';

function baseMissing(variable: string, baseId: string, bases: readonly Base[]): ManualStep {
  const seen = bases.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none';
  return {
    what: `The token in ${variable} has no access to the base ${baseId}, only to ${seen}`,
    fix: `Correct AIRTABLE_BASE_ID, or give the token the base: ${TOKENS} > the token > Access > Add a base > Save changes`,
  };
}

function scopesMissing(
  variable: string,
  baseId: string,
  scopes: readonly string[],
  { mayReadSchema, triedTable }: TokenDescription,
): ManualStep {
  const list = scopes.join(' and ');
  const add = `${TOKENS} > the token > Scopes > Add a scope > ${list} > Save changes`;
  const isCertain = mayReadSchema || !scopes.includes('data.records:read');
  return isCertain
    ? {
        what: `The token in ${variable} lacks ${scopes.length === 1 ? 'the scope' : 'the scopes'} ${list}`,
        fix: scopes.includes('data.records:write')
          ? `${add}. Its owner has to be an editor of the base`
          : add,
      }
    : {
        what: `The token in ${variable} has no access to the table ${triedTable} of the base ${baseId}`,
        fix: `${add}; there too, Access > Add a base. If both are set, the base has no table of this name yet: to create it, npx frontline setup needs schema.bases:read and schema.bases:write on this token or on one in AIRTABLE_SETUP_API_KEY`,
      };
}

import type { Limit, ManualStep } from '../plan/plan';
import type { Base, TokenDescription } from './inspect-token';

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

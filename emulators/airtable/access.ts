import { authenticationRequired, notPermittedOrMissing } from './airtable-errors';
import type { BaseData } from './base-model';

/** A personal access token of the base's owner: everything that is not restricted is allowed. */
export interface TokenGrant {
  readonly token: string;
  readonly scopes?: readonly string[];
  /** Ids of the bases added to the token. */
  readonly bases?: readonly string[];
}

export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** @throws AirtableError 401 for a header without a known token (airtable.md#errors) */
export function authenticate(authorization: string | undefined, grants: readonly TokenGrant[]): TokenGrant {
  const token = bearerToken(authorization);
  const grant = grants.find((each) => each.token === token);
  if (!grant) throw authenticationRequired();
  return grant;
}

/** @throws AirtableError 403 */
export function requireScope({ scopes }: TokenGrant, scope: string): void {
  if (scopes && !scopes.includes(scope)) throw notPermittedOrMissing();
}

/** @throws AirtableError 403, for an unknown base too (airtable.md#errors) */
export function requireBase({ bases }: TokenGrant, baseId: string, { id }: BaseData): void {
  if (baseId !== id || bases?.includes(id) === false) throw notPermittedOrMissing();
}

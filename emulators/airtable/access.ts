import { authenticationRequired, notPermitted, notPermittedOrMissing } from './airtable-errors';

/** A person's permission level in a base, lowest first (airtable.md#metadata). */
const ROLES = ['read', 'comment', 'edit', 'create'] as const;
export type Role = (typeof ROLES)[number];

/** A personal access token: everything that is not restricted is allowed. */
export interface TokenGrant {
  readonly token: string;
  readonly scopes?: readonly string[];
  /** Ids of the bases added to the token. */
  readonly bases?: readonly string[];
  /** The permission level of the token's owner in the base. @default 'create' */
  readonly role?: Role;
}

/** @throws AirtableError 401 for a header without a known token (airtable.md#errors) */
export function authenticate(authorization: string | undefined, grants: readonly TokenGrant[]): TokenGrant {
  const token = bearerToken(authorization);
  const grant = grants.find((each) => each.token === token);
  if (!grant) throw authenticationRequired();
  return grant;
}

export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** @throws AirtableError 403 */
export function requireScope(grant: TokenGrant, scope: string): void {
  if (grant.scopes && !grant.scopes.includes(scope)) throw notPermittedOrMissing();
}

/** @throws AirtableError 403 if the token's owner has a lower role */
export function requireRole({ role = 'create' }: TokenGrant, minimum: Role): void {
  if (ROLES.indexOf(role) < ROLES.indexOf(minimum)) throw notPermitted();
}

export function reaches({ bases }: TokenGrant, baseId: string): boolean {
  return bases === undefined || bases.includes(baseId);
}

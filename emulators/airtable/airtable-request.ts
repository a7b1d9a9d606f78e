import type { EmulatorRequest } from '../core/emulator-server';
import type { Routes } from '../core/router';
import { authenticationRequired, notEmulated, notPermittedOrMissing } from './airtable-errors';
import type { BaseData } from './base-model';

/** An authenticated request. */
export interface AirtableRequest extends EmulatorRequest {
  readonly grant: TokenGrant;
  /** A segment of the path. */
  readonly param: (name: string) => string;
  /** Undefined without a body. @throws AirtableError 400 for a body that is not JSON */
  readonly readBody: () => unknown;
}

/** Returns the body of the response; undefined for an empty one. @throws AirtableError */
export type Handler = (request: AirtableRequest) => unknown;

/** Endpoints that Airtable has and the emulator does not, each with its name for the 501. */
export function notEmulatedRoutes(routes: Routes<string>): Routes<Handler> {
  return Object.fromEntries(
    Object.entries(routes).map(([route, name]) => [
      route,
      () => {
        throw notEmulated(name);
      },
    ]),
  );
}

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

import type { EmulatorRequest } from '../core/emulator-server';
import type { Routes } from '../core/router';
import type { TokenGrant } from './access';
import { notEmulated } from './airtable-errors';

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

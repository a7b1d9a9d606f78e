import { type EmulatorServer, startEmulator } from '../../../emulators/core/emulator-server';
import { type HttpResponse, json } from '../../../emulators/core/http-response';
import { IdSource } from '../../../emulators/core/ids';
import { Router } from '../../../emulators/core/router';
import { type Application, ApplicationStore } from './application-store';
import {
  Directory,
  type Group,
  type GroupDraft,
  type OktaIds,
  type Person,
  type PersonDraft,
} from './directory';
import { notEmulated, OktaError, oktaError } from './okta-errors';
import { oktaRoutes } from './okta-routes';

/** How Okta can fail. */
type OktaFault =
  /** 429 / E0000047 until the window ends: the request was not processed. */
  | { readonly kind: 'rate-limited'; readonly secondsToReset: number }
  /** 500 / E0000009. */
  | { readonly kind: 'server-error' }
  /** 503 / E0000010. */
  | { readonly kind: 'unavailable' }
  /** Any other error response of Okta. */
  | { readonly kind: 'rejected'; readonly status: number; readonly code: string; readonly summary: string }
  /** A redirect, as for an organisation that has moved. */
  | { readonly kind: 'redirected'; readonly to: string };

/** A received request. */
export interface SeenRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: string;
  /** The parsed JSON; null without a body. */
  readonly body: unknown;
}

export interface OktaOptions {
  readonly token: string;
  readonly people?: readonly PersonDraft[];
  readonly groups?: readonly GroupDraft[];
  /** The largest page of any list. @default Okta's own */
  readonly maxPageSize?: number;
  /** @default 0, a free port */
  readonly port?: number;
}

/** The assignments of an application: logins and names of groups. */
interface Assigned {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

export interface OktaEmulator extends EmulatorServer<SeenRequest, OktaFault> {
  applications(): readonly Application[];
  /** Creates an application as an administrator would, to set up a test. */
  addApplication(body: unknown, activate?: boolean): Application;
  assigned(applicationId: string): Assigned;
  assignPerson(applicationId: string, login: string): void;
  people(): readonly Person[];
  person(login: string): Person;
  addGroup(draft: GroupDraft): Group;
}

const REQUESTS_A_MINUTE = 600;

/**
 * Starts an Okta organisation in memory, on 127.0.0.1, in the place of https://acme.okta.com: applications, their
 * people and groups, the directory, and SAML metadata, as Okta's API reference describes them. Left out: log-in itself,
 * the mapping of profiles, links between resources, and rate limits other than those that `faults` simulates.
 */
export async function startOkta(options: OktaOptions): Promise<OktaEmulator> {
  const { token, maxPageSize = 10_000 } = options;
  const ids: OktaIds = new IdSource(17);
  const directory = new Directory(ids);
  for (const draft of options.people ?? []) directory.addPerson(draft);
  for (const draft of options.groups ?? []) directory.addGroup(draft);
  const store = new ApplicationStore(ids, directory);
  const router = new Router(oktaRoutes(store, directory, maxPageSize));

  const server = await startEmulator<SeenRequest, OktaFault>({
    port: options.port,
    describe: ({ method, path, search, body }) => ({ method, path, query: search, body: parsed(body) }),
    respond: async (request, { body }) => {
      if (request.headers.authorization !== `SSWS ${token}`) throw oktaError('token');
      if (body === undefined) throw oktaError('notReadable');
      const match = router.find(request.method, request.path);
      if (match.kind === 'wrong-method') throw oktaError('wrongMethod');
      if (match.kind === 'unknown-path') throw notEmulated(`${request.method} ${request.path}`);
      return match.handler({ ...request, json: body, param: match.param });
    },
    respondToFault: (fault) => respondToFault(fault, ids),
    respondToError: (error) => errorResponse(error, ids),
    headers: () => ({
      'x-rate-limit-limit': REQUESTS_A_MINUTE,
      'x-rate-limit-remaining': REQUESTS_A_MINUTE - 1,
      'x-rate-limit-reset': epoch(60),
    }),
  });

  return {
    ...server,
    applications: () => store.list(),
    addApplication: (body, activate = true) => store.add(body, activate),
    assigned: (id) => ({
      people: store
        .users(id)
        .filter(({ scope }) => scope === 'USER')
        .map((user) => directory.person(user.id).profile.login),
      groups: store.groups(id).map((group) => directory.group(group.id).profile.name),
    }),
    assignPerson: (id, login) => void store.assignPerson(id, directory.person(login).id),
    people: () => directory.people(),
    person: (login) => directory.person(login),
    addGroup: (draft) => directory.addGroup(draft),
  };
}

/** Undefined for a body that is not JSON. */
function parsed(body: string): unknown {
  try {
    return body === '' ? null : JSON.parse(body);
  } catch {
    return undefined;
  }
}

function respondToFault(fault: OktaFault, ids: OktaIds): HttpResponse {
  switch (fault.kind) {
    case 'rate-limited': {
      const response = errorResponse(oktaError('tooManyRequests'), ids);
      const reset = epoch(fault.secondsToReset);
      const headers = { 'x-rate-limit-remaining': 0, 'x-rate-limit-reset': reset };
      return { ...response, headers: { ...response.headers, ...headers, date: new Date().toUTCString() } };
    }
    case 'server-error':
      return errorResponse(oktaError('serverError'), ids);
    case 'unavailable':
      return errorResponse(oktaError('unavailable'), ids);
    case 'rejected':
      return errorResponse(new OktaError(fault.status, fault.code, fault.summary), ids);
    case 'redirected':
      return { status: 302, headers: { location: fault.to } };
  }
}

function errorResponse(error: unknown, ids: OktaIds): HttpResponse {
  const { status, code, summary, causes } =
    error instanceof OktaError ? error : oktaError('serverError', `The emulator failed: ${error}`);
  const errorCauses = causes.map((errorSummary) => ({ errorSummary }));
  const errorId = ids.next('oae');
  return json({ errorCode: code, errorSummary: summary, errorLink: code, errorId, errorCauses }, status);
}

/** Unix time in seconds, this many seconds from now. */
function epoch(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

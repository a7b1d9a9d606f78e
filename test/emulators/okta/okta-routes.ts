import * as v from 'valibot';
import type { EmulatorRequest } from '../../../emulators/core/emulator-server';
import { type HttpResponse, json } from '../../../emulators/core/http-response';
import { pageToken, positionOf, slice } from '../../../emulators/core/paging';
import type { Routes } from '../../../emulators/core/router';
import { type ApplicationStore, SIGNING_KEY } from './application-store';
import type { Directory } from './directory';
import { invalid, notEmulated, notFound } from './okta-errors';
import { peopleFilter } from './people-filter';
import { samlMetadata } from './saml-metadata';

interface OktaRequest extends EmulatorRequest {
  /** The parsed JSON; null without a body. */
  readonly json: unknown;
  /** A segment of the path. */
  readonly param: (name: string) => string;
}

type Handler = (request: OktaRequest) => HttpResponse;

const Assignment = v.looseObject({ id: v.string() });

/** Fields of a profile that replace the current values. */
const ProfileChange = v.strictObject({
  profile: v.partial(
    v.strictObject({
      login: v.string(),
      email: v.string(),
      firstName: v.string(),
      lastName: v.string(),
      userType: v.nullable(v.string()),
      profileUrl: v.nullable(v.string()),
    }),
  ),
});

/**
 * The endpoints that the setup of Frontline's log-in uses, and by name those beside them that are not emulated.
 * @param maxPageSize caps the page size of every list, regardless of the requested limit
 */
export function oktaRoutes(
  store: ApplicationStore,
  directory: Directory,
  maxPageSize: number,
): Routes<Handler> {
  const page = (items: readonly object[], request: OktaRequest, usual: number, largest: number) =>
    pageOf(items, request, Math.min(usual, maxPageSize), Math.min(largest, maxPageSize));
  return {
    ...NOT_EMULATED,
    'GET /api/v1/apps': (request) => page(store.list(), request, 20, 200),
    'POST /api/v1/apps': (request) => {
      if (queryOf(request, 'activate')['activate'] === 'false') throw notEmulated('activate=false');
      return json(store.add(request.json, true));
    },
    'PUT /api/v1/apps/:id': ({ param, json: body }) => json(store.replace(param('id'), body)),
    'POST /api/v1/apps/:id/lifecycle/activate': ({ param }) => {
      store.setStatus(param('id'), 'ACTIVE');
      return json({});
    },
    'GET /api/v1/apps/:id/users': (request) => page(store.users(request.param('id')), request, 50, 500),
    'POST /api/v1/apps/:id/users': ({ param, json: body }) => {
      const assignment = v.safeParse(Assignment, body);
      if (!assignment.success) throw invalid('id', ['id: must not be blank']);
      return json(store.assignPerson(param('id'), assignment.output.id));
    },
    'GET /api/v1/apps/:id/groups': (request) => page(store.groups(request.param('id')), request, 20, 200),
    'PUT /api/v1/apps/:id/groups/:group': ({ param }) => json(store.assignGroup(param('id'), param('group'))),
    'GET /api/v1/apps/:id/sso/saml/metadata': (request) => metadata(store, request),
    'GET /api/v1/users': (request) => {
      const { filter } = queryOf(request, 'limit', 'after', 'filter');
      if (filter === undefined) throw notEmulated('a list of users without a filter');
      return page(directory.people().filter(peopleFilter(filter)), request, 200, 200);
    },
    'POST /api/v1/users/:id': ({ param, json: body }) => {
      const { success, output, issues } = v.safeParse(ProfileChange, body);
      if (!success) {
        throw invalid(
          'profile',
          issues.map(({ message }) => message),
        );
      }
      const given = Object.entries(output.profile).filter(([, value]) => value !== undefined);
      return json(directory.changeProfile(directory.person(param('id')).id, Object.fromEntries(given)));
    },
    'GET /api/v1/groups': (request) => json(groupsLike(directory, queryOf(request, 'limit', 'q')['q'])),
    'GET /api/v1/groups/:id': ({ param }) => json(directory.group(param('id'))),
    'GET /api/v1/groups/:id/users': (request) =>
      page(directory.members(request.param('id')), request, 200, 200),
  };
}

const NOT_EMULATED: Routes<Handler> = Object.fromEntries(
  [
    ...['GET /api/v1/apps/:id', 'DELETE /api/v1/apps/:id', 'DELETE /api/v1/apps/:id/groups/:group'],
    ...['GET /api/v1/users/:id', 'PUT /api/v1/users/:id', 'DELETE /api/v1/users/:id', 'POST /api/v1/users'],
    ...['POST /api/v1/groups', 'PUT /api/v1/groups/:id', 'DELETE /api/v1/groups/:id'],
  ].map((route) => [
    route,
    () => {
      throw notEmulated(route);
    },
  ]),
);

/** @throws {OktaError} 501 for a parameter that is not emulated: an unfiltered list would be a wrong response */
function queryOf({ search }: OktaRequest, ...known: readonly string[]): Readonly<Record<string, string>> {
  const query = Object.fromEntries(new URLSearchParams(search));
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw notEmulated(`the parameter ${unknown.join(', ')} here`);
  return query;
}

const Paging = v.object({
  limit: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1))),
  after: v.optional(v.string()),
});

/**
 * One page of a list, and the address of the next one in the `Link` header.
 * @throws {OktaError} E0000001 for an invalid limit or cursor.
 */
function pageOf(items: readonly object[], request: OktaRequest, usual: number, largest: number) {
  const query = v.safeParse(Paging, queryOf(request, 'limit', 'after', 'filter'));
  if (!query.success) throw invalid('limit', ['The limit must be a positive number.']);
  const { limit = usual, after } = query.output;
  const start = after === undefined ? 0 : positionOf(after);
  if (start === null) throw invalid('after', ['The cursor is not valid.']);
  const size = Math.min(limit, largest);
  const { items: shown, next } = slice(items, start, size);
  const self = new URL(`${request.origin}${request.path}?${request.search}`);
  const links = [`<${self}>; rel="self"`];
  if (next !== null) {
    self.searchParams.set('after', pageToken(next));
    self.searchParams.set('limit', String(size));
    links.push(`<${self}>; rel="next"`);
  }
  return json(shown, 200, { link: links });
}

/** A search by name is not paged; exact matches come first. */
function groupsLike(directory: Directory, text: string | undefined): readonly object[] {
  if (!text) throw notEmulated('a list of groups without q');
  const q = text.toLowerCase();
  const found = directory.groups().filter(({ profile }) => profile.name.toLowerCase().startsWith(q));
  const exact = found.filter(({ profile }) => profile.name.toLowerCase() === q);
  return [...exact, ...found.filter((group) => !exact.includes(group))];
}

function metadata(store: ApplicationStore, request: OktaRequest): HttpResponse {
  const application = store.get(request.param('id'));
  const { kid } = queryOf(request, 'kid');
  if (application.signOnMode !== 'SAML_2_0') throw notFound(application.id, 'SAML metadata');
  if (kid === undefined) throw invalid('kid', ['kid: must not be blank']);
  if (kid !== SIGNING_KEY) throw notFound(kid, 'CredentialKey');
  const key = store.externalKey(application.id);
  const issuer = application.settings.signOn.idpIssuer.replace(`\${org.externalKey}`, key);
  const ssoUrl = `${request.origin}/app/${application.name}/${key}/sso/saml`;
  const body = samlMetadata({ issuer, ssoUrl });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

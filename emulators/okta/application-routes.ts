import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { type ApplicationStore, SIGNING_KEY } from './application-store';
import { invalid, notFound } from './okta-errors';
import { page } from './paging';
import { samlMetadata } from './saml-metadata';

type OfApplication = { Params: { id: string } };

const ListQuery = v.object({ q: v.optional(v.string(), '') });
const CreateQuery = v.object({ activate: v.optional(v.picklist(['true', 'false']), 'true') });
const MetadataQuery = v.object({ kid: v.optional(v.string()) });
const Assignment = v.looseObject({ id: v.string() });

/** @param largestPage caps the page size of every list, regardless of the requested limit. */
export function applicationRoutes(app: FastifyInstance, store: ApplicationStore, largestPage: number): void {
  const sizes = (usual: number, largest: number) => ({ usual, largest: Math.min(largest, largestPage) });

  app.get('/apps', async (request, reply) => {
    const q = v.parse(ListQuery, request.query).q.toLowerCase();
    const found = store.list().filter(({ name, label }) => {
      return name.startsWith(q) || label.toLowerCase().startsWith(q);
    });
    return page(found, sizes(20, 200), request, reply);
  });

  app.post('/apps', async (request) => {
    const { activate } = v.parse(CreateQuery, request.query);
    return store.add(request.body, activate === 'true');
  });

  app.get<OfApplication>('/apps/:id', async ({ params }) => store.get(params.id));

  app.put<OfApplication>('/apps/:id', async ({ params, body }) => store.replace(params.id, body));

  app.post<OfApplication>('/apps/:id/lifecycle/activate', async ({ params }) => {
    store.setStatus(params.id, 'ACTIVE');
    return {};
  });

  app.get<OfApplication>('/apps/:id/users', async (request, reply) =>
    page(store.users(request.params.id), sizes(50, 500), request, reply),
  );

  app.post<OfApplication>('/apps/:id/users', async ({ params, body }) => {
    const assignment = v.safeParse(Assignment, body);
    if (!assignment.success) throw invalid('id', ['id: must not be blank']);
    return store.assignPerson(params.id, assignment.output.id);
  });

  app.get<OfApplication>('/apps/:id/groups', async (request, reply) =>
    page(store.groups(request.params.id), sizes(20, 200), request, reply),
  );

  app.put<{ Params: { id: string; groupId: string } }>('/apps/:id/groups/:groupId', async ({ params }) =>
    store.assignGroup(params.id, params.groupId),
  );

  app.get<OfApplication>('/apps/:id/sso/saml/metadata', async (request, reply) => {
    const application = store.get(request.params.id);
    const { kid } = v.parse(MetadataQuery, request.query);
    if (application.signOnMode !== 'SAML_2_0') throw notFound(application.id, 'SAML metadata');
    if (kid === undefined) throw invalid('kid', ['kid: must not be blank']);
    if (kid !== SIGNING_KEY) throw notFound(kid, 'CredentialKey');
    const key = store.externalKey(application.id);
    const issuer = application.settings.signOn.idpIssuer.replace(`\${org.externalKey}`, key);
    const ssoUrl = `http://${request.headers.host}/app/${application.name}/${key}/sso/saml`;
    return reply.type('application/xml').send(samlMetadata({ issuer, ssoUrl }));
  });
}

import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Directory } from './directory';
import { invalid } from './okta-errors';
import { page } from './paging';
import { peopleFilter } from './people-filter';

type ById = { Params: { id: string } };

const PeopleQuery = v.object({ filter: v.optional(v.string()) });
const GroupsQuery = v.object({ q: v.optional(v.string(), '') });

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

/** People and groups. @param largestPage caps the page size of every list */
export function directoryRoutes(app: FastifyInstance, directory: Directory, largestPage: number): void {
  const sizes = { usual: Math.min(200, largestPage), largest: Math.min(200, largestPage) };

  app.get('/users', async (request, reply) => {
    const { filter } = v.parse(PeopleQuery, request.query);
    const found = directory
      .people()
      .filter(filter === undefined ? ({ status }) => status !== 'DEPROVISIONED' : peopleFilter(filter));
    return page(found, sizes, request, reply);
  });

  app.get<ById>('/users/:id', async ({ params }) => directory.person(params.id));

  app.post<ById>('/users/:id', async ({ params, body }) => {
    const change = v.safeParse(ProfileChange, body);
    if (!change.success) {
      throw invalid(
        'profile',
        change.issues.map(({ message }) => message),
      );
    }
    const given = Object.entries(change.output.profile).filter(([, value]) => value !== undefined);
    return directory.changeProfile(directory.person(params.id).id, Object.fromEntries(given));
  });

  // A search by name is not paged; exact matches come first.
  app.get('/groups', async (request, reply) => {
    const q = v.parse(GroupsQuery, request.query).q.toLowerCase();
    const found = directory.groups().filter(({ profile }) => profile.name.toLowerCase().startsWith(q));
    if (q === '') return page(found, sizes, request, reply);
    const exact = found.filter(({ profile }) => profile.name.toLowerCase() === q);
    return [...exact, ...found.filter((group) => !exact.includes(group))];
  });

  app.get<ById>('/groups/:id', async ({ params }) => directory.group(params.id));

  app.get<ById>('/groups/:id/users', async (request, reply) =>
    page(directory.members(request.params.id), sizes, request, reply),
  );
}

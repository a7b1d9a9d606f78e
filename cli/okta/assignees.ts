import { ConfigurationError, NotFoundError } from '../../lambdas/errors';
import type { Group, Organisation, Person } from './okta-api';

/** The users and groups to assign, as the user of the command names them. */
export interface Wanted {
  /** Logins or e-mail addresses. */
  readonly users: readonly string[];
  /** Names, or ids if a name is ambiguous. */
  readonly groups: readonly string[];
}

export interface Team {
  readonly group: Group;
  readonly members: readonly Person[];
}

/** The matching Okta users and groups, without duplicates. */
export interface Assignees {
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
}

const GROUP_ID = /^00g[0-9A-Za-z]{17}$/;
const SUGGESTIONS = 5;

/**
 * Finds all named users and groups.
 * @throws {ConfigurationError} naming all that are missing, ambiguous or not active
 */
export async function findAssignees(
  organisation: Organisation,
  { users, groups }: Wanted,
): Promise<Assignees> {
  const problems: string[] = [];
  const people = new Map<string, Person>();
  const teams = new Map<string, Team>();
  for (const name of users) {
    const found = await findPerson(organisation, name);
    if (typeof found === 'string') problems.push(found);
    else people.set(found.id, found);
  }
  for (const name of groups) {
    const found = await findGroup(organisation, name);
    if (typeof found === 'string') problems.push(found);
    else teams.set(found.id, { group: found, members: await organisation.membersOf(found) });
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { people: [...people.values()], teams: [...teams.values()] };
}

/** A person's display name. */
export function fullName({ profile: { firstName, lastName, login } }: Person): string {
  const name = `${firstName ?? ''} ${lastName ?? ''}`.trim();
  return name === '' ? login : `${name} (${login})`;
}

/** @returns the person, or the problem */
async function findPerson(organisation: Organisation, name: string): Promise<Person | string> {
  const found = await organisation.peopleCalled(name);
  const isCalled = (text: string | null) => text?.toLowerCase() === name.toLowerCase();
  const [person, ...others] = found.filter(({ profile }) => isCalled(profile.login));
  // A login is unique; an e-mail address may be shared.
  const candidates = person === undefined ? found : [person, ...others];
  const [one, ...more] = candidates;
  if (one === undefined) {
    return `No Okta user with login or e-mail address ${name}; see Okta admin > Directory > People`;
  }
  if (more.length > 0) {
    const logins = candidates.map(({ profile }) => profile.login).join(', ');
    return `${name} is the e-mail address of several people: use a login instead, one of ${logins}`;
  }
  return one.status === 'ACTIVE'
    ? one
    : `${fullName(one)} is ${one.status} in Okta and cannot log in: ${fixFor(one.status)}`;
}

function fixFor(status: string): string {
  switch (status) {
    case 'DEPROVISIONED':
    case 'STAGED':
      return 'activate them at Okta admin > Directory > People first';
    case 'PROVISIONED':
      return 'they have to follow the link in the e-mail that Okta sent them first';
    case 'SUSPENDED':
      return 'unsuspend them at Okta admin > Directory > People first';
    case 'LOCKED_OUT':
      return 'unlock them at Okta admin > Directory > People first';
    default:
      return 'they have to set a new password first';
  }
}

/** @returns the group, or the problem */
async function findGroup(organisation: Organisation, name: string): Promise<Group | string> {
  if (GROUP_ID.test(name)) return findGroupById(organisation, name);
  const like = await organisation.groupsLike(name);
  const [group, ...others] = like.filter(({ profile }) => profile.name === name);
  if (group === undefined) return `No Okta group named ${name}${suggestion(like)}`;
  if (others.length === 0) return group;
  const all = [group, ...others].map(
    ({ id, type, profile }) => `${id} (${type}${profile.description ? `, ${profile.description}` : ''})`,
  );
  return `Several groups are named ${name}: use an id instead, one of ${all.join(', ')}`;
}

async function findGroupById(organisation: Organisation, id: string): Promise<Group | string> {
  try {
    return await organisation.group(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return `No Okta group with id ${id}`;
  }
}

function suggestion(like: readonly Group[]): string {
  const names = like.slice(0, SUGGESTIONS).map(({ profile }) => profile.name);
  return names.length === 0
    ? '; see Okta admin > Directory > Groups (names are case-sensitive)'
    : `. Similar names: ${names.join(', ')}`;
}

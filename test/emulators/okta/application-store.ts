import { type ApplicationBody, readApplicationBody } from './application-body';
import type { Directory, OktaIds, Person } from './directory';
import { invalid, notFound } from './okta-errors';

/** The organisation's only signing key. */
export const SIGNING_KEY = 'SIMcCQNY3uwXoW3y0vf6VxiBb5n9pf8L2fK8d-FIbm4';

export type Application = ApplicationBody & {
  readonly id: string;
  /** Okta's own name of the application: letters, digits and underscores; it never changes. */
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUpdated: string;
};

/** A user of an application, assigned directly or through a group. */
export interface ApplicationUser {
  readonly id: string;
  readonly scope: 'USER' | 'GROUP';
  readonly status: 'ACTIVE';
  readonly credentials: { readonly userName: string };
}

interface Stored {
  readonly application: Application;
  readonly externalKey: string;
  readonly people: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** The applications of an organisation, and their assignments. */
export class ApplicationStore {
  readonly #stored = new Map<string, Stored>();

  constructor(
    readonly ids: OktaIds,
    readonly directory: Directory,
  ) {}

  /** @throws {OktaError} E0000001 */
  add(draft: unknown, activate: boolean): Application {
    const body = readApplicationBody(draft);
    if (body.signOnMode === 'SAML_2_0' && 'name' in body) {
      throw invalid('name', ['name: must be blank for a custom SAML application']);
    }
    const now = new Date().toISOString();
    const application: Application = {
      ...body,
      credentials: { ...body.credentials, signing: { kid: SIGNING_KEY } },
      id: this.ids.next('0oa'),
      name: `acme_${body.label.toLowerCase().replace(/[^a-z0-9]/g, '')}_${this.#stored.size + 1}`,
      status: activate ? 'ACTIVE' : 'INACTIVE',
      created: now,
      lastUpdated: now,
    };
    const externalKey = this.ids.next('exk');
    this.#stored.set(application.id, { application, externalKey, people: new Set(), groups: new Set() });
    return application;
  }

  list(): readonly Application[] {
    return [...this.#stored.values()].map(({ application }) => application);
  }

  /** @throws {OktaError} E0000007 */
  get(id: string): Application {
    return this.#get(id).application;
  }

  externalKey(id: string): string {
    return this.#get(id).externalKey;
  }

  /** Replaces the whole application: omitted parts return to Okta's defaults. */
  replace(id: string, draft: unknown): Application {
    const stored = this.#get(id);
    const body = readApplicationBody(draft);
    const { name, status, created } = stored.application;
    const application: Application = {
      ...body,
      credentials: { ...body.credentials, signing: { kid: SIGNING_KEY } },
      ...{ id, name, status, created },
      lastUpdated: new Date().toISOString(),
    };
    this.#stored.set(id, { ...stored, application });
    return application;
  }

  setStatus(id: string, status: Application['status']): void {
    const stored = this.#get(id);
    this.#stored.set(id, { ...stored, application: { ...stored.application, status } });
  }

  /** @throws {OktaError} E0000007 for a user who is not in the directory. */
  assignPerson(id: string, personId: string): ApplicationUser {
    const stored = this.#get(id);
    const person = this.directory.person(personId);
    this.#stored.set(id, { ...stored, people: new Set([...stored.people, person.id]) });
    return user(stored.application, person, 'USER');
  }

  assignGroup(id: string, groupId: string): { readonly id: string; readonly priority: number } {
    const stored = this.#get(id);
    const group = this.directory.group(groupId);
    this.#stored.set(id, { ...stored, groups: new Set([...stored.groups, group.id]) });
    return { id: group.id, priority: 0 };
  }

  users(id: string): readonly ApplicationUser[] {
    const { application, people, groups } = this.#get(id);
    const members = [...groups].flatMap((groupId) => this.directory.members(groupId));
    const throughGroups = new Map(members.map((person) => [person.id, person]));
    return [
      ...[...people].map((personId) => user(application, this.directory.person(personId), 'USER')),
      ...[...throughGroups.values()]
        .filter((person) => !people.has(person.id) && person.status !== 'DEPROVISIONED')
        .map((person) => user(application, person, 'GROUP')),
    ];
  }

  groups(id: string): readonly { readonly id: string; readonly priority: number }[] {
    return [...this.#get(id).groups].map((groupId) => ({ id: groupId, priority: 0 }));
  }

  #get(id: string): Stored {
    const stored = this.#stored.get(id);
    if (stored === undefined) throw notFound(id, 'AppInstance');
    return stored;
  }
}

function user(
  { credentials }: Application,
  { id, profile }: Person,
  scope: ApplicationUser['scope'],
): ApplicationUser {
  const byEmail = credentials.userNameTemplate.template === `\${source.email}`;
  return { id, scope, status: 'ACTIVE', credentials: { userName: byEmail ? profile.email : profile.login } };
}

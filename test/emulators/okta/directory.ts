import type { IdSource } from '../../../emulators/core/ids';
import { notFound } from './okta-errors';

/** 0oa application, 00u person, 00g group, exk an application's external key, oae an error: 20 characters each. */
export type OktaIds = IdSource<'0oa' | '00u' | '00g' | 'exk' | 'oae'>;

type PersonStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface Profile {
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userType: string | null;
  readonly profileUrl: string | null;
}

export interface Person {
  readonly id: string;
  readonly status: PersonStatus;
  readonly profile: Profile;
}

export interface PersonDraft extends Partial<Profile> {
  readonly login: string;
  readonly status?: PersonStatus;
}

export interface Group {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly profile: { readonly name: string; readonly description: string | null };
}

export interface GroupDraft {
  readonly name: string;
  readonly type?: Group['type'];
  readonly description?: string;
  /** Logins of people in the directory. */
  readonly members?: readonly string[];
}

/** The people and groups of an organisation. */
export class Directory {
  readonly #people = new Map<string, Person>();
  readonly #groups = new Map<string, Group>();
  readonly #members = new Map<string, readonly string[]>();

  constructor(readonly ids: OktaIds) {}

  addPerson({ login, status = 'ACTIVE', ...fields }: PersonDraft): Person {
    const [name = login] = login.split('@');
    const profile = {
      login,
      email: fields.email ?? login,
      firstName: fields.firstName ?? name,
      lastName: fields.lastName ?? 'Example',
      userType: fields.userType ?? null,
      profileUrl: fields.profileUrl ?? null,
    };
    const person = { id: this.ids.next('00u'), status, profile };
    this.#people.set(person.id, person);
    return person;
  }

  addGroup({ name, type = 'OKTA_GROUP', description, members = [] }: GroupDraft): Group {
    const group = {
      id: this.ids.next('00g'),
      type,
      profile: { name, description: description ?? null },
    };
    this.#groups.set(group.id, group);
    this.#members.set(
      group.id,
      members.map((login) => this.person(login).id),
    );
    return group;
  }

  people(): readonly Person[] {
    return [...this.#people.values()];
  }

  groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** @throws {OktaError} E0000007 */
  person(idOrLogin: string): Person {
    const login = idOrLogin.toLowerCase();
    const person =
      this.#people.get(idOrLogin) ??
      this.people().find(({ profile }) => profile.login.toLowerCase() === login);
    if (person === undefined) throw notFound(idOrLogin, 'User');
    return person;
  }

  /** @throws {OktaError} E0000007 */
  group(id: string): Group {
    const group = this.#groups.get(id);
    if (group === undefined) throw notFound(id, 'UserGroup');
    return group;
  }

  members(groupId: string): readonly Person[] {
    return (this.#members.get(this.group(groupId).id) ?? []).map((id) => this.person(id));
  }

  /** Changes the given fields of the profile and leaves the others. */
  changeProfile(id: string, fields: Partial<Profile>): Person {
    const known = this.person(id);
    const person = { ...known, profile: { ...known.profile, ...fields } };
    this.#people.set(known.id, person);
    return person;
  }
}

import * as v from 'valibot';
import type { CallContext, OktaConnection } from './okta-connection';

/** An application. Validates the fields that identify it, and keeps all others. */
const Application = v.looseObject({
  id: v.string(),
  label: v.string(),
  status: v.string(),
  signOnMode: v.nullish(v.string()),
  visibility: v.nullish(
    v.looseObject({ autoSubmitToolbar: v.nullish(v.boolean()), hide: v.nullish(v.looseObject({})) }),
  ),
  credentials: v.nullish(
    v.looseObject({ signing: v.nullish(v.looseObject({ kid: v.nullish(v.string()) })) }),
  ),
  settings: v.nullish(
    v.looseObject({
      signOn: v.nullish(
        v.looseObject({
          ssoAcsUrl: v.nullish(v.string()),
          attributeStatements: v.nullish(
            v.array(
              v.looseObject({
                type: v.string(),
                name: v.string(),
                namespace: v.nullish(v.string()),
                values: v.nullish(v.array(v.string())),
              }),
            ),
          ),
        }),
      ),
    }),
  ),
});

export type Application = v.InferOutput<typeof Application>;

const Person = v.object({
  id: v.string(),
  status: v.string(),
  profile: v.object({
    login: v.string(),
    email: v.nullish(v.string(), ''),
    firstName: v.nullish(v.string(), ''),
    lastName: v.nullish(v.string(), ''),
    userType: v.nullish(v.string(), null),
  }),
});

export type Person = v.InferOutput<typeof Person>;

const Group = v.object({
  id: v.string(),
  type: v.string(),
  profile: v.object({ name: v.string(), description: v.nullish(v.string(), null) }),
});

export type Group = v.InferOutput<typeof Group>;

const ApplicationUser = v.object({
  id: v.string(),
  /** USER: assigned directly; GROUP: only through a group. */
  scope: v.nullish(v.string(), 'USER'),
  /** The person's user name in the application: the value of `${user.userName}`. */
  credentials: v.nullish(v.object({ userName: v.nullish(v.string(), null) })),
});

export type ApplicationUser = v.InferOutput<typeof ApplicationUser>;

const Identified = v.object({ id: v.string() });
const Anything = v.unknown();

/** The Okta API requests that the setup of Frontline's sign-in needs. Throws like `OktaConnection`. */
export class Organisation {
  constructor(private readonly connection: OktaConnection) {}

  applications(): Promise<readonly Application[]> {
    return this.connection.readAll(managing('apps?limit=200', 'list the applications'), Application);
  }

  /** Not idempotent: every request creates another application. */
  createApplication(draft: object): Promise<Application> {
    const context = managing('apps?activate=true', 'create the application');
    return this.connection.write({ ...context, method: 'POST', body: draft, repeatable: false }, Application);
  }

  /** Replaces the whole application, because Okta does not accept a partial body. */
  async replaceApplication(id: string, body: object): Promise<void> {
    const context = managing(`apps/${encodeURIComponent(id)}`, 'change the application');
    await this.connection.write({ ...context, method: 'PUT', body, repeatable: true }, Anything);
  }

  async activateApplication(id: string): Promise<void> {
    const path = `apps/${encodeURIComponent(id)}/lifecycle/activate`;
    const context = managing(path, 'activate the application');
    await this.connection.write({ ...context, method: 'POST', repeatable: true }, Anything);
  }

  usersOf(applicationId: string): Promise<readonly ApplicationUser[]> {
    const path = `apps/${encodeURIComponent(applicationId)}/users?limit=200`;
    return this.connection.readAll(managing(path, "list the application's people"), ApplicationUser);
  }

  async groupIdsOf(applicationId: string): Promise<ReadonlySet<string>> {
    const path = `apps/${encodeURIComponent(applicationId)}/groups?limit=200`;
    const groups = await this.connection.readAll(managing(path, "list the application's groups"), Identified);
    return new Set(groups.map(({ id }) => id));
  }

  async assignPerson(applicationId: string, { id, profile }: Person): Promise<void> {
    const path = `apps/${encodeURIComponent(applicationId)}/users`;
    const context = managing(path, `assign ${profile.login} to the application`);
    const body = { id, scope: 'USER' };
    await this.connection.write({ ...context, method: 'POST', body, repeatable: true }, Anything);
  }

  async assignGroup(applicationId: string, { id, profile }: Group): Promise<void> {
    const path = `apps/${encodeURIComponent(applicationId)}/groups/${encodeURIComponent(id)}`;
    const context = managing(path, `assign the group ${profile.name} to the application`);
    await this.connection.write({ ...context, method: 'PUT', body: {}, repeatable: true }, Anything);
  }

  /** @param kid the signing key; null if the application names none, so that Okta uses the organisation's */
  samlMetadata(applicationId: string, kid: string | null): Promise<string> {
    const query = kid === null ? '' : `?kid=${encodeURIComponent(kid)}`;
    const path = `apps/${encodeURIComponent(applicationId)}/sso/saml/metadata${query}`;
    return this.connection.readXml(managing(path, "read the application's SAML metadata"));
  }

  /** People with this login or e-mail address. Several may share an e-mail address. Ignores case. */
  peopleCalled(loginOrEmail: string): Promise<readonly Person[]> {
    const text = JSON.stringify(loginOrEmail);
    const filter = `profile.login eq ${text} or profile.email eq ${text}`;
    const path = `users?limit=200&filter=${encodeURIComponent(filter)}`;
    return this.connection.readAll(seeing(path, `look for ${loginOrEmail}`), Person);
  }

  /** Groups whose names start with this text. */
  groupsLike(name: string): Promise<readonly Group[]> {
    const path = `groups?limit=200&q=${encodeURIComponent(name)}`;
    return this.connection.readAll(seeing(path, `look for the group ${name}`), Group);
  }

  group(id: string): Promise<Group> {
    return this.connection.read(
      seeing(`groups/${encodeURIComponent(id)}`, `look for the group ${id}`),
      Group,
    );
  }

  membersOf({ id, profile }: Group): Promise<readonly Person[]> {
    const path = `groups/${encodeURIComponent(id)}/users?limit=200`;
    return this.connection.readAll(seeing(path, `list the members of ${profile.name}`), Person);
  }

  /** Changes only this field of the profile. */
  async setUserType({ id, profile }: Person, userType: string): Promise<void> {
    await this.connection.write(
      {
        path: `users/${encodeURIComponent(id)}`,
        purpose: `set the user type of ${profile.login}`,
        permission: "to edit people's profiles",
        method: 'POST',
        body: { profile: { userType } },
        repeatable: true,
      },
      Anything,
    );
  }
}

function managing(path: string, purpose: string): CallContext {
  return { path, purpose, permission: 'to manage applications' };
}

function seeing(path: string, purpose: string): CallContext {
  return { path, purpose, permission: 'to see people and groups' };
}

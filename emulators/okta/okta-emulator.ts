import fastify from 'fastify';
import { applicationRoutes } from './application-routes';
import { type Application, ApplicationStore } from './application-store';
import { Directory, type Group, type GroupDraft, type Person, type PersonDraft } from './directory';
import { directoryRoutes } from './directory-routes';
import { IdSource } from './ids';
import { oktaError } from './okta-errors';
import { Faults } from './okta-faults';
import { guardEdge, type SeenRequest } from './request-guard';

export interface OktaOptions {
  readonly token: string;
  readonly people?: readonly PersonDraft[];
  readonly groups?: readonly GroupDraft[];
  /** The largest page of any list. @default Okta's own */
  readonly largestPage?: number;
  /** @default 0, a free port */
  readonly port?: number;
}

/** The assignments of an application: logins and names of groups. */
interface Assigned {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

export interface OktaEmulator {
  /** Stands for https://acme.okta.com. */
  readonly url: string;
  /** Every received request, oldest first. */
  readonly requests: readonly SeenRequest[];
  readonly faults: Faults;
  applications(): readonly Application[];
  /** Creates an application as an administrator would, to set up a test. */
  addApplication(body: unknown, activate?: boolean): Application;
  deactivate(applicationId: string): void;
  assigned(applicationId: string): Assigned;
  assignPerson(applicationId: string, login: string): void;
  people(): readonly Person[];
  person(login: string): Person;
  addGroup(draft: GroupDraft): Group;
  close(): Promise<void>;
}

/**
 * Starts an Okta organisation in memory, on 127.0.0.1: applications, their people and groups, the directory, and SAML
 * metadata, as Okta's API reference describes them. Left out: log-in itself, the mapping of profiles, links between
 * resources, and rate limits other than those that `faults` simulates.
 */
export async function startOkta(options: OktaOptions): Promise<OktaEmulator> {
  const { token, largestPage = 10_000 } = options;
  const ids = new IdSource();
  const directory = new Directory(ids);
  for (const draft of options.people ?? []) directory.addPerson(draft);
  for (const draft of options.groups ?? []) directory.addGroup(draft);
  const store = new ApplicationStore(ids, directory);
  const requests: SeenRequest[] = [];
  const faults = new Faults();

  const app = fastify({ forceCloseConnections: true });
  app.register(
    (api, _options, done) => {
      guardEdge(api, { token, requests, faults, ids });
      applicationRoutes(api, store, largestPage);
      directoryRoutes(api, directory, largestPage);
      api.all('/*', async () => {
        throw oktaError('noSuchEndpoint');
      });
      done();
    },
    { prefix: '/api/v1' },
  );
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });

  return {
    url,
    requests,
    faults,
    applications: () => store.list(),
    addApplication: (body, activate = true) => store.add(body, activate),
    deactivate: (id) => store.setStatus(id, 'INACTIVE'),
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
    close: async () => {
      await app.close();
    },
  };
}

import { ConfigurationError, UpstreamError } from '../../lambdas/errors';
import type { Change, Diff, ManualStep, Reconciler } from '../plan/plan';
import { counted } from '../terminal/counted';
import { type Assignees, findAssignees, fullName, type Team, type Wanted } from './assignees';
import type { Application, Organisation, Person } from './okta-api';
import { corrected, differences, findRealmApplication, newApplication } from './saml-application';

/** The expected state of an organisation. */
export interface OktaTarget extends Wanted {
  readonly realmSid: string;
  /** The application's label; null to keep the current one. */
  readonly label: string | null;
}

/**
 * Reconciles the application that signs people in to Frontline, and its assignments (twilio.md#configuration, "SSO").
 * Its plan throws like `findAssignees` and `findRealmApplication`.
 */
export function oktaStep(organisation: Organisation, target: OktaTarget): Reconciler {
  return {
    name: 'Okta application',
    plan: async () => {
      const assignees = await findAssignees(organisation, target);
      const application = await findRealmApplication(organisation, target.realmSid);
      const making = changeTo(organisation, target, application);
      const { upToDate, toAssign, noOne } = await readAssignments(organisation, application, assignees);
      const isRight = application !== null && making === null;
      return {
        upToDate: [...(isRight ? [`"${application.label}" is configured for Frontline`] : []), ...upToDate],
        changes: [making, planAssignment(organisation, target.realmSid, toAssign)].filter(
          (each) => each !== null,
        ),
        manualSteps: noOne ? [NO_ONE_ASSIGNED] : [],
      };
    },
  };
}

const NO_ONE_ASSIGNED: ManualStep = {
  what: 'No users are assigned to the application, so no one can sign in to Frontline',
  fix: 'npx frontline okta --user ana@example.com, or --group "Sales"; either may be repeated',
};

/** The change that corrects the application; null if it is up to date. */
function changeTo(
  organisation: Organisation,
  target: OktaTarget,
  application: Application | null,
): Change | null {
  const { realmSid, label } = target;
  if (application === null) {
    const draft = newApplication(realmSid, label);
    return {
      summary: `Create the SAML application "${draft.label}"`,
      diff: [{ what: 'sign-in URL', from: null, to: draft.settings.signOn.ssoAcsUrl }],
      apply: async () => {
        // An attempt without a response may have created it, and two applications for one realm are ambiguous.
        if ((await findRealmApplication(organisation, realmSid)) !== null) return;
        await organisation.createApplication(draft);
      },
    };
  }
  const isActive = application.status === 'ACTIVE';
  const differing = differences(application, realmSid, label);
  if (differing.length === 0 && isActive) return null;
  return {
    summary: `Correct the application "${application.label}"`,
    diff: isActive ? differing : [...differing, { what: 'status', from: application.status, to: 'ACTIVE' }],
    apply: async () => {
      // Read again, because it may have changed since the plan was made.
      const current = await requireRealmApplication(organisation, realmSid);
      if (differing.length > 0) {
        await organisation.replaceApplication(current.id, corrected(current, realmSid, label));
      }
      if (!isActive) await organisation.activateApplication(current.id);
    },
  };
}

interface Assignments {
  readonly upToDate: readonly string[];
  readonly toAssign: Assignees;
  /** Whether no one can sign in, even after the change. */
  readonly noOne: boolean;
}

async function readAssignments(
  organisation: Organisation,
  application: Application | null,
  { people, teams }: Assignees,
): Promise<Assignments> {
  const users = application === null ? [] : await organisation.usersOf(application.id);
  const groupIds = application === null ? new Set<string>() : await organisation.groupIdsOf(application.id);
  const scopes = new Map(users.map(({ id, scope }) => [id, scope]));
  const assigned = people.filter(({ id }) => scopes.has(id));
  const assignedTeams = teams.filter(({ group }) => groupIds.has(group.id));
  return {
    upToDate: [
      ...assigned.map((person) => {
        const how = scopes.get(person.id) === 'GROUP' ? ' through a group' : '';
        return `${fullName(person)} is assigned${how}`;
      }),
      ...assignedTeams.map(({ group }) => `The group ${group.profile.name} is assigned`),
    ],
    toAssign: {
      people: people.filter((person) => !assigned.includes(person)),
      teams: teams.filter((team) => !assignedTeams.includes(team)),
    },
    noOne: users.length + groupIds.size + people.length + teams.length === 0,
  };
}

/** Assigns users and groups that are not assigned yet; null when all are assigned. */
function planAssignment(
  organisation: Organisation,
  realmSid: string,
  { people, teams }: Assignees,
): Change | null {
  const total = people.length + teams.length;
  if (total === 0) return null;
  const assigned = [
    ...(people.length > 0 ? [counted(people.length, 'person', 'people')] : []),
    ...(teams.length > 0 ? [counted(teams.length, 'group')] : []),
  ];
  const isNew = (what: string): Diff => ({ what, from: 'not assigned', to: 'assigned' });
  return {
    summary: `Assign ${assigned.join(' and ')}`,
    diff: [
      ...people.map((person) => isNew(fullName(person))),
      ...teams.map((team) => isNew(`group ${team.group.profile.name}, ${formatMembers(team)}`)),
    ],
    apply: async (onProgress) => {
      const { id } = await requireRealmApplication(organisation, realmSid);
      let done = 0;
      for (const person of people) {
        onProgress(`${++done} of ${total}`);
        await organisation.assignPerson(id, person);
      }
      for (const { group } of teams) {
        onProgress(`${++done} of ${total}`);
        await organisation.assignGroup(id, group);
      }
    },
  };
}

async function requireRealmApplication(organisation: Organisation, realmSid: string): Promise<Application> {
  const application = await findRealmApplication(organisation, realmSid);
  if (application === null)
    throw new ConfigurationError([`Okta no longer has an application for the realm ${realmSid}`]);
  return application;
}

function formatMembers({ members }: Team): string {
  const inactive = members.filter(({ status }) => status !== 'ACTIVE').length;
  const all = members.length === 0 ? 'without members' : counted(members.length, 'member');
  return inactive === 0 ? all : `${all}, ${inactive} of them inactive and unable to sign in`;
}

/** The role that Frontline requires to sign in; any other fails with 70002. */
const AGENT = 'agent';

/** The maximum number of people to list. */
const SHOWN = 20;

/** Sets the user type of the people who sign in. Other applications may read this profile field, too. */
export function userTypeStep(organisation: Organisation, wanted: Wanted): Reconciler {
  return {
    name: 'User types',
    plan: async () => {
      const { people, teams } = await findAssignees(organisation, wanted);
      const ofTeams = teams.filter((team) => !isEveryone(team)).flatMap(({ members }) => members);
      const everyone = [...new Map([...people, ...ofTeams].map((person) => [person.id, person])).values()];
      const agents = everyone.filter(({ profile }) => profile.userType === AGENT);
      const others = everyone.filter(
        ({ profile, status }) => profile.userType !== AGENT && status !== 'DEPROVISIONED',
      );
      return {
        upToDate: agents.length === 0 ? [] : [formatAgents(agents.length)],
        changes: others.length === 0 ? [] : [makingAgents(organisation, others)],
        manualSteps: teams
          .filter(isEveryone)
          .flatMap(({ group, members }) => tooMany(group.profile.name, members)),
      };
    },
  };
}

/** Okta's built-in group Everyone: not every employee should become an agent because a few write to customers. */
function isEveryone({ group }: Team): boolean {
  return group.type === 'BUILT_IN';
}

function tooMany(name: string, members: readonly Person[]): readonly ManualStep[] {
  const others = members.filter(({ profile }) => profile.userType !== AGENT);
  if (others.length === 0) return [];
  return [
    {
      what: `${others.length} of the ${members.length} members of Okta's group ${name} do not have the user type ${AGENT} and cannot sign in`,
      fix: 'The whole organisation is not changed at once: name the users who write to customers with --user, or a group of them with --group',
    },
  ];
}

function makingAgents(organisation: Organisation, people: readonly Person[]): Change {
  const shown = people
    .slice(0, SHOWN)
    .map((person): Diff => ({ what: fullName(person), from: person.profile.userType || null, to: AGENT }));
  const rest = people.length - shown.length;
  return {
    summary:
      people.length === 1
        ? `Set the user type of one user to ${AGENT}`
        : `Set the user type of ${people.length} users to ${AGENT}`,
    diff: rest > 0 ? [...shown, { what: `and ${rest} more`, from: 'another', to: AGENT }] : shown,
    apply: async (onProgress) => {
      const rejected: string[] = [];
      for (const [index, person] of people.entries()) {
        onProgress(`${index + 1} of ${people.length}`);
        try {
          await organisation.setUserType(person, AGENT);
        } catch (error) {
          // One profile that another directory manages must not keep the others from signing in.
          if (!(error instanceof UpstreamError)) throw error;
          rejected.push(`${fullName(person)}: ${error.message}`);
        }
      }
      if (rejected.length === 0) return;
      throw new UpstreamError(
        `Done for ${people.length - rejected.length} of ${people.length}. A rejected profile may belong to another directory and has to be changed there:\n${rejected.join('\n')}`,
      );
    },
  };
}

function formatAgents(agents: number): string {
  return agents === 1
    ? `One user already has the user type ${AGENT}`
    : `${agents} users already have the user type ${AGENT}`;
}

import { ConfigurationError } from '../../lambdas/errors';
import type { Change, Diff, ManualStep, Reconciler } from '../plan/plan';
import { type Assignees, findAssignees, fullName, type Team, type Wanted } from './assignees';
import type { Application, Organisation } from './okta-api';
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
        changes: [making, assigning(organisation, target.realmSid, toAssign)].filter((each) => each !== null),
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

/** Assigns users and groups that are not assigned yet; null if there are none. */
function assigning(
  organisation: Organisation,
  realmSid: string,
  { people, teams }: Assignees,
): Change | null {
  const total = people.length + teams.length;
  if (total === 0) return null;
  const isNew = (what: string): Diff => ({ what, from: 'not assigned', to: 'assigned' });
  return {
    summary: `Assign ${[counted(people.length, 'person', 'people'), counted(teams.length, 'group', 'groups')].filter(Boolean).join(' and ')}`,
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
  const all = counted(members.length, 'member', 'members') || 'without members';
  return inactive === 0 ? all : `${all}, ${inactive} of them inactive and unable to sign in`;
}

function counted(number: number, one: string, several: string): string {
  return number === 0 ? '' : `${number} ${number === 1 ? one : several}`;
}

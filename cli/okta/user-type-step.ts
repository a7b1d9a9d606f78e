import { UpstreamError } from '../../lambdas/errors';
import type { Change, Diff, ManualStep, Reconciler } from '../plan/plan';
import { findAssignees, fullName, type Team, type Wanted } from './assignees';
import type { Organisation, Person } from './okta-api';

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
      const ofTeams = teams.filter((team) => !isEverybody(team)).flatMap(({ members }) => members);
      const everyone = [...new Map([...people, ...ofTeams].map((person) => [person.id, person])).values()];
      const agents = everyone.filter(({ profile }) => profile.userType === AGENT);
      const others = everyone.filter(
        ({ profile, status }) => profile.userType !== AGENT && status !== 'DEPROVISIONED',
      );
      return {
        upToDate: agents.length === 0 ? [] : [formatAgents(agents.length)],
        changes: others.length === 0 ? [] : [makingAgents(organisation, others)],
        manualSteps: teams
          .filter(isEverybody)
          .flatMap(({ group, members }) => tooMany(group.profile.name, members)),
      };
    },
  };
}

/** Okta's built-in group Everyone: not every employee should become an agent because a few write to customers. */
function isEverybody({ group }: Team): boolean {
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

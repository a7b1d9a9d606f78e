import type { Environment } from '../../lambdas/configuration/configuration';
import { Misconfigured } from '../../lambdas/errors/errors';
import { UsageError } from '../../local/settings/usage-error';
import { type Consent, carryOut } from '../changes/carry-out';
import type { Step } from '../changes/survey';
import type { Questions } from '../terminal/questions';
import type { Screen } from '../terminal/screen';
import { findAssignees, type Wanted } from './assignees';
import type { OktaOptions } from './command-line';
import { OktaConnection } from './okta-connection';
import { oktaStep } from './okta-step';
import type { OrgUrl } from './org-url';
import { Organisation } from './organisation';
import { showLogIn } from './show-log-in';
import { userTypeStep } from './user-type-step';
import { collectOktaValues } from './values';

export interface OktaCommand {
  readonly options: OktaOptions;
  /** `.env` under the environment. */
  readonly environment: Environment;
  readonly screen: Screen;
  /** Null where there is nobody to ask. */
  readonly questions: Questions | null;
  readonly signal: AbortSignal;
}

/**
 * Does what `npm run okta` is for.
 * @returns the exit status: 0, or 1 where something is left for a person to do.
 * @throws {UsageError} where nobody can be asked, and there is no consent beforehand.
 * @throws {Misconfigured} before anything is changed, where a value or a name is not right.
 * @throws {ChangeFailed} where a change could not be made; those before it stay made.
 */
export async function setUpOkta(command: OktaCommand): Promise<number> {
  const { options, environment, screen, questions, signal } = command;
  const consent = consentOf(command);
  const { realmSid, org, token } = await collectOktaValues(environment, questions, screen);
  await approve(org, command);
  const onWait = (seconds: number) => screen.unknown(`Okta takes no more requests for ${seconds} s: waiting`);
  const organisation = new Organisation(new OktaConnection(org.url, token, { signal, onWait }));
  const wanted = await whom(organisation, command);

  const application = notingObstacles(oktaStep(organisation, { ...wanted, realmSid, label: options.label }));
  const outcome = await carryOut(application.step, screen, consent, signal);
  const userTypes = notingObstacles(userTypeStep(organisation, wanted));
  if (outcome !== 'declined' && wanted.users.length + wanted.groups.length > 0) {
    const typed = await carryOut(userTypes.step, screen, consent, signal);
    if (typed === 'declined') screen.detail('Without it Frontline does not let them in (70002).');
  }
  await showLogIn(organisation, realmSid, screen);
  return application.hadObstacles() || userTypes.hadObstacles() ? 1 : 0;
}

function consentOf({ options, questions }: OktaCommand): Consent {
  if (options.dryRun) return { kind: 'dry-run' };
  if (options.yes) return { kind: 'given' };
  if (questions !== null) return { kind: 'asked', questions };
  throw new UsageError(
    'There is nobody to ask here: say --yes to make every change, or --dry-run to see them',
  );
}

/** The token opens the whole organisation: it goes to a host that is not Okta's only where somebody says so. */
async function approve(org: OrgUrl, { options, screen, questions }: OktaCommand): Promise<void> {
  if (org.remark !== null) screen.unknown(org.remark);
  if (!org.isCustomDomain) return;
  const { host } = new URL(org.url);
  if (options.yes) {
    screen.unknown(
      `${host} is none of Okta's own addresses; it is taken for your organisation's custom domain`,
    );
    return;
  }
  const question = `${host} is none of Okta's own addresses. Is it your organisation's custom domain, which may see the API token?`;
  if (questions !== null && (await questions.agree(question))) return;
  throw new Misconfigured([
    `OKTA_ORG_URL names ${host}, which is none of Okta's own addresses. Where it is your organisation's custom domain, say --yes; else give https://<organisation>.okta.com`,
  ]);
}

/** Those who are named on the command line, or else those whom the person names. */
async function whom(
  organisation: Organisation,
  { options, screen, questions }: OktaCommand,
): Promise<Wanted> {
  const { users, groups } = options;
  if (users.length + groups.length > 0 || questions === null) return { users, groups };
  screen.line();
  screen.detail(
    screen.dim(
      'Only people who are assigned to the application in Okta can log in, by themselves or through a group',
    ),
  );
  const kind = await questions.choose('Who is to be assigned?', [
    { value: 'people', label: 'People, by their logins or e-mail addresses' },
    { value: 'group', label: 'A group, by its name' },
    { value: 'nobody', label: 'Nobody more now' },
  ]);
  if (kind === 'nobody') return { users: [], groups: [] };
  for (;;) {
    const wanted = await name(kind, questions);
    try {
      await findAssignees(organisation, wanted);
      return wanted;
    } catch (error) {
      if (!(error instanceof Misconfigured)) throw error;
      for (const problem of error.problems) screen.wrong(problem, 'Please say it again');
    }
  }
}

async function name(kind: string, questions: Questions): Promise<Wanted> {
  const notBlank = (answer: string) => (answer === '' ? 'Somebody has to be named' : null);
  if (kind === 'group')
    return { users: [], groups: [await questions.answer('The name of the group', notBlank)] };
  const answer = await questions.answer('Logins or e-mail addresses, with commas', notBlank);
  return { users: answer.split(',').flatMap((user) => user.trim() || []), groups: [] };
}

function notingObstacles(step: Step): { readonly step: Step; readonly hadObstacles: () => boolean } {
  let found = false;
  const survey: Step['survey'] = async () => {
    const surveyed = await step.survey();
    found = surveyed.obstacles.length > 0;
    return surveyed;
  };
  return { step: { ...step, survey }, hadObstacles: () => found };
}

import type { Environment } from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';
import { type Approval, applyPlan, NOTHING_CHANGED } from '../plan/apply';
import type { ConsoleOutput } from '../terminal/console-output';
import type { Prompts } from '../terminal/prompts';
import { findAssignees, type Wanted } from './assignees';
import { type ApplicationUser, Organisation } from './okta-api';
import { collectOktaValues, type OrgUrl } from './okta-config';
import { type ConnectionOptions, OktaConnection } from './okta-connection';
import { findRealmApplication } from './saml-application';
import { readSamlMetadata, type SignInValues } from './saml-metadata';
import { oktaStep, userTypeStep } from './setup-steps';

export interface OktaCommand {
  readonly options: Wanted & { readonly label: string | null; readonly yes: boolean };
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  readonly signal: AbortSignal;
  readonly retries?: ConnectionOptions['retries'];
}

/**
 * Runs `npx frontline okta`.
 * @returns the exit status: 0, or 1 if manual steps remain
 * @throws {ConfigurationError} before any change, if a value or a name is invalid
 * @throws {ApplyError} if a change fails; earlier changes are kept
 */
export async function setUpOkta(command: OktaCommand): Promise<number> {
  const { options, environment, screen, approval, signal, retries = {} } = command;
  const prompts = approval.kind === 'asked' ? approval.prompts : null;
  const { realmSid, org, token } = await collectOktaValues(environment, prompts, screen);
  await approve(org, command);
  const onWait = (seconds: number) => screen.skip(`Okta rate limit; waiting ${seconds} s`);
  const organisation = new Organisation(new OktaConnection(org.url, token, { signal, onWait, retries }));
  const wanted = await findWanted(organisation, command);

  const step = oktaStep(organisation, { ...wanted, realmSid, label: options.label });
  const application = await applyPlan(step, screen, approval, signal);
  let isComplete = application.isComplete;
  if (application.outcome !== 'declined' && wanted.users.length + wanted.groups.length > 0) {
    const userTypes = await applyPlan(userTypeStep(organisation, wanted), screen, approval, signal);
    if (userTypes.outcome === 'declined')
      screen.detail('Without this user type, Frontline rejects their sign-in (70002).');
    isComplete &&= userTypes.isComplete;
  }
  await showSignIn(organisation, realmSid, screen);
  if (approval.kind === 'dry-run') {
    screen.line(NOTHING_CHANGED);
    return 0;
  }
  return isComplete ? 0 : 1;
}

/** Requires approval to send the token to a host outside Okta's domains, because it opens the whole organisation. */
async function approve(org: OrgUrl, { options, screen, approval }: OktaCommand): Promise<void> {
  if (org.remark !== null) screen.skip(org.remark);
  if (!org.isCustomDomain) return;
  const { host } = new URL(org.url);
  if (options.yes) {
    screen.skip(`${host} is not an okta.com domain; assuming a custom domain`);
    return;
  }
  const question = `${host} is not an okta.com domain. Is it your organisation's custom domain, which may receive the API token?`;
  if (approval.kind === 'asked' && (await approval.prompts.confirm(question))) return;
  throw new ConfigurationError([
    `OKTA_ORG_URL names ${host}, which is not an okta.com domain. If it is your organisation's custom domain, use --yes; otherwise use https://<organisation>.okta.com`,
  ]);
}

/** The users and groups of the command line, or else of the prompts. */
async function findWanted(
  organisation: Organisation,
  { options, screen, approval }: OktaCommand,
): Promise<Wanted> {
  const { users, groups } = options;
  if (users.length + groups.length > 0 || approval.kind !== 'asked') return { users, groups };
  const { prompts } = approval;
  screen.line();
  screen.detail(
    screen.dim(
      'Only users who are assigned to the application in Okta, directly or through a group, can sign in',
    ),
  );
  const kind = await prompts.select('Assign users or a group?', [
    { value: 'people', label: 'Users, by login or e-mail address' },
    { value: 'group', label: 'A group, by name' },
    { value: 'none', label: 'No one now' },
  ]);
  if (kind === 'none') return { users: [], groups: [] };
  for (;;) {
    const wanted = await name(kind, prompts);
    try {
      await findAssignees(organisation, wanted);
      return wanted;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const problem of error.problems) screen.fail(problem, 'Please enter it again');
    }
  }
}

async function name(kind: string, prompts: Prompts): Promise<Wanted> {
  const notBlank = (answer: string) => (answer === '' ? 'Enter at least one name' : null);
  if (kind === 'group') return { users: [], groups: [await prompts.text('Name of the group', notBlank)] };
  const answer = await prompts.text('Logins or e-mail addresses, separated by commas', notBlank);
  return { users: answer.split(',').flatMap((user) => user.trim() || []), groups: [] };
}

/** The maximum number of identities to list. */
const SHOWN = 50;

/** Shows the values to paste into Twilio, and the assigned users with their identities. */
async function showSignIn(
  organisation: Organisation,
  realmSid: string,
  screen: ConsoleOutput,
): Promise<void> {
  screen.heading('Paste into Twilio: Console > Frontline > Manage > SSO/Log in');
  const application = await findRealmApplication(organisation, realmSid);
  if (application === null) {
    screen.skip('Okta shows the values once the application exists');
    return;
  }
  const kid = application.credentials?.signing?.kid ?? null;
  showValues(readSamlMetadata(await organisation.samlMetadata(application.id, kid)), screen);
  const groups = await organisation.groupIdsOf(application.id);
  showIdentities(await organisation.usersOf(application.id), groups.size > 0, screen);
}

/** Without indentation, so that the values can be copied. */
function showValues({ issuer, ssoUrl, certificate, validUntil }: SignInValues, screen: ConsoleOutput): void {
  const day = validUntil.toISOString().slice(0, 10);
  const values = [
    ['Identity provider issuer', issuer],
    ['SSO URL', ssoUrl],
    [`X.509 certificate (valid until ${day})`, certificate],
  ] as const;
  for (const [name, value] of values) {
    screen.line(`\n  ${name}`);
    screen.line(value);
  }
}

function showIdentities(users: readonly ApplicationUser[], hasGroups: boolean, screen: ConsoleOutput): void {
  screen.heading('Assigned');
  if (users.length === 0) screen.skip('No one');
  else
    screen.line(
      '  Identities in Frontline; enter them exactly so in owner in Airtable and in DEFAULT_WORKER.\n',
    );
  const identities = users.flatMap(({ credentials }) => credentials?.userName ?? []);
  for (const identity of identities.slice(0, SHOWN)) screen.line(`  ${identity}`);
  if (identities.length > SHOWN) screen.line(`  and ${identities.length - SHOWN} more`);
  screen.line('\n  Only assigned users can sign in. To assign more, run this again with --user or --group.');
  if (hasGroups) screen.line('  After a group is assigned, Okta may take a minute to list its members here.');
}

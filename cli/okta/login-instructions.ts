import type { ConsoleOutput } from '../terminal/console-output';
import type { ApplicationUser, Organisation } from './okta-api';
import { readSamlMetadata, type SignInValues } from './saml-metadata';
import { findRealmApplication } from './twilio-saml-app';

/** The maximum number of identities to list. */
const SHOWN = 50;

/** Shows the values to paste into Twilio, and the assigned users with their identities. */
export async function showSignIn(
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

import { ConfigurationError } from '../../lambdas/errors';
import type { Application, Organisation } from './okta-api';
import { isForRealm } from './saml-application';

/**
 * The application that signs people in to this realm, under any label; null if absent.
 * @throws {ConfigurationError} if there are several and it is unclear which one is used
 */
export async function findRealmApplication(
  organisation: Organisation,
  realmSid: string,
): Promise<Application | null> {
  const all = await organisation.applications();
  const forRealm = all.filter((application) => isForRealm(application, realmSid));
  const active = forRealm.filter(({ status }) => status === 'ACTIVE');
  const [one = null, ...others] = active.length > 0 ? active : forRealm;
  if (one === null || others.length === 0) return one;
  const names = [one, ...others].map(({ label, id }) => `"${label}" (${id})`).join(', ');
  throw new ConfigurationError([
    `Several Okta applications use the realm ${realmSid}: ${names}. Deactivate all but the one whose certificate is in Twilio's console at Okta admin > Applications, and run this again`,
  ]);
}

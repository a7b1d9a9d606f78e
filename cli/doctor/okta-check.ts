import { Organisation } from '../okta/okta-api';
import { readOktaValues } from '../okta/okta-config';
import { OktaConnection } from '../okta/okta-connection';
import { oktaStep } from '../okta/setup-steps';
import { SkippedError } from './doctor-context';
import { type HealthCheck, resultOf } from './health-check';

const COMMAND = 'npx frontline okta';

/** What the okta command would change. Only for an environment with a token, which no other command keeps. */
export const OKTA_CHECK: HealthCheck = {
  id: 'okta-application',
  title: 'Okta application',
  dependsOn: [],
  run: async ({ environment, pacing: { signal = new AbortController().signal } }) => {
    const { realmSid, org, token } = readOktaValues(environment);
    if (org.isCustomDomain) {
      throw new SkippedError(
        `${org.url} is not an okta.com domain`,
        `${COMMAND} --dry-run asks before it sends the token`,
      );
    }
    const organisation = new Organisation(new OktaConnection(org.url, token, { signal, onWait: () => {} }));
    const target = { realmSid, label: null, users: [], groups: [] };
    return resultOf(await oktaStep(organisation, target).plan(), COMMAND);
  },
};

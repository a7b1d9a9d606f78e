import { CredentialsRejectedError } from '../../lambdas/errors';
import { Organisation } from '../okta/okta-api';
import { readOktaValues } from '../okta/okta-config';
import { OktaConnection } from '../okta/okta-connection';
import { oktaStep } from '../okta/setup-steps';
import { TWILIO_PARTS } from '../twilio/twilio-parts';
import { type DoctorContext, SkippedError } from './doctor-context';
import { type CheckResult, checkOf, failed, type HealthCheck, passed, resultOf } from './health-check';

/** Whether Twilio accepts the credentials of `.env`, which the secret must have too (`secret`). */
export const TWILIO_TOKEN_CHECK: HealthCheck = {
  id: 'twilio-token',
  title: 'Twilio account and token',
  dependsOn: ['configuration'],
  run: checkToken,
};

/** What setup would change in Twilio. */
export const TWILIO_CHECKS = TWILIO_PARTS.map((part) => checkOf(part, ({ twilio }) => twilio()));

async function checkToken({ twilio, settings }: DoctorContext): Promise<CheckResult> {
  try {
    const { friendlyName, status, signingToken } = await twilio().account.readAccount();
    const account = `the account "${friendlyName}"`;
    if (status !== 'active') {
      return failed(
        `${account} is ${status}: Twilio neither sends nor receives messages for it`,
        'The first page of the Twilio console shows why: pay, or contact support',
      );
    }
    const { authToken, authTokenSecondary } = settings();
    // Twilio signs with the primary token (twilio.md#token-rotation), and may return a placeholder for it.
    if (signingToken === null || signingToken === authToken || signingToken === authTokenSecondary) {
      return passed(`${account} accepts the credentials of .env`);
    }
    return failed(
      'Twilio signs with a token that .env does not have: every callback returns 403',
      'Add the primary token to .env as AUTH_TOKEN_SECONDARY until Twilio signs with the new one, then npx frontline setup',
    );
  } catch (error) {
    if (!(error instanceof CredentialsRejectedError)) throw error;
    const fix = 'Copy both from the console into .env, then npx frontline setup';
    return { status: 'fail', message: error.message, fix };
  }
}

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
        `${COMMAND} -- --dry-run asks before it sends the token`,
      );
    }
    const organisation = new Organisation(new OktaConnection(org.url, token, { signal, onWait: () => {} }));
    const target = { realmSid, label: null, users: [], groups: [] };
    return resultOf(await oktaStep(organisation, target).plan(), COMMAND);
  },
};

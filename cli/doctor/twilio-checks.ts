import { CredentialsRejectedError } from '../../lambdas/errors';
import { TWILIO_PARTS } from '../twilio/twilio-parts';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, checkOf, failed, type HealthCheck, passed } from './health-check';

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

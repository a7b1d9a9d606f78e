import { CredentialsRejectedError } from '../../lambdas/errors';
import { MESSAGING_PART, TWILIO_PARTS } from '../twilio/twilio-parts';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, checkOf, failed, type HealthCheck, passed } from './health-check';

/** Whether Twilio accepts the credentials of `.env`, which the secret must have too (`secret`). */
export const TWILIO_TOKEN_CHECK: HealthCheck = {
  id: 'twilio-token',
  title: 'Twilio account and token',
  dependsOn: ['configuration'],
  run: checkToken,
};

/** What the API key of `.env` may do, which the functions use in place of the token. */
export const TWILIO_KEY_CHECK: HealthCheck = {
  id: 'twilio-api-key',
  title: 'Twilio API key',
  dependsOn: ['configuration', 'twilio-token'],
  run: checkKey,
};

/** What setup would change in Twilio. */
export const TWILIO_CHECKS = TWILIO_PARTS.map((part) => checkOf(part, ({ twilio }) => twilio()));

/** The same for the messaging service, which the inbox needs. */
export const MESSAGING_CHECK = checkOf(MESSAGING_PART, ({ twilio }) => twilio());

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
    return failed(error.message, 'Copy both from the console into .env, then npx frontline setup');
  }
}

async function checkKey({ twilio, settings }: DoctorContext): Promise<CheckResult> {
  const { inbox } = settings();
  const read = await twilio().account.tryApis({ withFrontline: inbox.routing === 'frontline' });
  const rejected = read.filter(({ isRejected }) => isRejected).map(({ api }) => api);
  if (rejected.length === 0) return passed(`reads ${read.map(({ api }) => api).join(', ')}`);
  const fix =
    'Create a standard API key under Account > API keys & tokens of the Twilio console, set TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET in .env, then npx frontline setup';
  return rejected.length === read.length
    ? failed('Twilio rejects TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET', fix)
    : failed(`the key has no permission for ${rejected.join(', ')}`, fix);
}

import type { Credentials } from '../../lambdas/credentials/credentials';
import { CredentialsRejectedError, errorMessage } from '../../lambdas/errors';
import type { CheckResult } from '../doctor/health-check';
import type { Settings } from '../settings/settings';
import { accessOf, openTwilioAccount, type TwilioAccess } from './twilio-account';

const FILL_THE_SECRET = 'npm run setup fills the secret with ACCOUNT_SID and AUTH_TOKEN of .env';

/**
 * Whether Twilio accepts the credentials of `.env` and those of the secret, for the same account. An unreadable secret
 * is only mentioned, because another check reports it.
 */
export async function tokenOutcome(
  settings: Settings,
  secret: () => Promise<Credentials>,
): Promise<CheckResult> {
  const present = await openTwilioAccount(accessOf(settings)).readAccount().catch(refusal);
  if ('message' in present) return present;
  const account = `the account "${present.friendlyName}"`;
  if (present.status !== 'active') {
    return {
      status: 'fail',
      message: `${account} is ${present.status}: Twilio neither sends nor receives messages for it`,
      fix: 'The first page of the Twilio console shows why: pay, or contact support',
    };
  }
  const held = await secret().catch(
    (reason: unknown): CheckResult => ({
      status: 'skip',
      message: `${account} accepts the credentials of .env; those of the secret are not checked: ${errorMessage(reason)}`,
      fix: 'See the checks of AWS, the stack and its secret',
    }),
  );
  if ('message' in held) return held;
  const fault = await faultOf(held, settings, present.signingToken);
  return fault === null
    ? { status: 'pass', message: `${account} accepts the credentials of .env and of the secret` }
    : {
        status: 'fail',
        message: fault,
        fix: `${FILL_THE_SECRET}: those of the account that owns Frontline`,
      };
}

function refusal(error: unknown): CheckResult {
  if (!(error instanceof CredentialsRejectedError)) throw error;
  return {
    status: 'fail',
    message: error.message,
    fix: 'Copy both from the console into .env, then npm run setup',
  };
}

/** @param signingToken with which Twilio signs callbacks (twilio.md#token-rotation); null if unknown */
async function faultOf(
  held: Credentials,
  settings: Settings,
  signingToken: string | null,
): Promise<string | null> {
  if (held.accountSid !== settings.accountSid) {
    return `the secret has the account ${held.accountSid}, .env has ${settings.accountSid}`;
  }
  if (!(await isTaken({ ...accessOf(settings), authToken: held.authToken }))) {
    return 'Twilio accepts the AUTH_TOKEN of .env but rejects that of the secret';
  }
  return signingToken === null || held.signingTokens.includes(signingToken)
    ? null
    : 'Twilio signs with a token that the secret does not have: every callback returns 403';
}

async function isTaken(access: TwilioAccess): Promise<boolean> {
  try {
    await openTwilioAccount(access).readAccount();
    return true;
  } catch (error) {
    if (error instanceof CredentialsRejectedError) return false;
    throw error;
  }
}

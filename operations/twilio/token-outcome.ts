import type { Credentials } from '../../lambdas/credentials/credentials';
import { CredentialsRefused, reasonOf } from '../../lambdas/errors/errors';
import type { Outcome } from '../doctor/check';
import type { Settings } from '../settings/settings';
import { accessOf, openTwilioAccount } from './twilio-account';

const FILL_THE_SECRET = 'npm run setup fills the secret with ACCOUNT_SID and AUTH_TOKEN of .env';

/**
 * Whether Twilio answers to the credentials of `.env`, and to those of the secret, for one and the same account. Where
 * the secret cannot be read that is said, and no more: it is the wrong of another line.
 */
export async function tokenOutcome(settings: Settings, secret: () => Promise<Credentials>): Promise<Outcome> {
  const present = await openTwilioAccount(accessOf(settings)).readAccount().catch(refusal);
  if ('verdict' in present) return present;
  const { friendlyName, status } = present;
  const account = `the account "${friendlyName}"`;
  if (status !== 'active') {
    return {
      verdict: 'wrong',
      says: `${account} is ${status}: Twilio neither sends nor receives for it`,
      remedy: 'The first page of the Twilio console says why, and what to do: pay, or write to support',
    };
  }
  const held = await secret().catch(
    (reason: unknown): Outcome => ({
      verdict: 'unknown',
      says: `${account} answers to .env; whether to the secret, too, could not be learned: ${reasonOf(reason)}`,
      remedy: FILL_THE_SECRET,
    }),
  );
  return 'verdict' in held ? held : comparison(settings, held, account);
}

function refusal(error: unknown): Outcome {
  if (!(error instanceof CredentialsRefused)) throw error;
  return {
    verdict: 'wrong',
    says: error.message,
    remedy: 'Put both into .env as the console shows them, then npm run setup',
  };
}

async function comparison(settings: Settings, held: Credentials, account: string): Promise<Outcome> {
  if (held.accountSid !== settings.accountSid) {
    return {
      verdict: 'wrong',
      says: `the secret is for the account ${held.accountSid}, .env for ${settings.accountSid}`,
      remedy: `See to it that .env has the account that owns Frontline; ${FILL_THE_SECRET}`,
    };
  }
  const says = `${account} answers to .env and to the secret`;
  if (held.authToken === settings.authToken) return { verdict: 'right', says };
  try {
    await openTwilioAccount({ ...accessOf(settings), authToken: held.authToken }).readAccount();
    return { verdict: 'right', says };
  } catch (error) {
    if (!(error instanceof CredentialsRefused)) throw error;
    return {
      verdict: 'wrong',
      says: `Twilio refuses the AUTH_TOKEN of the secret, and takes that of .env: every callback is answered with 403`,
      remedy: FILL_THE_SECRET,
    };
  }
}

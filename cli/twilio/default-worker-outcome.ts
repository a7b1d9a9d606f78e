import type { CheckResult } from '../doctor/health-check';
import type { TwilioAccount } from './twilio-account';

/** Whether every worker in DEFAULT_WORKER can take a conversation. */
export async function defaultWorkerOutcome(
  account: TwilioAccount,
  identities: readonly string[],
): Promise<CheckResult> {
  if (identities.length === 0) {
    return {
      status: 'pass',
      message: 'DEFAULT_WORKER is blank; an owner in the base takes over',
    };
  }
  const faults: string[] = [];
  for (const identity of identities) {
    const state = await account.frontlineUserState(identity);
    if (state === null) faults.push(`${identity} is not a Frontline user`);
    else if (state !== 'active') faults.push(`${identity} is ${state}`);
  }
  if (faults.length === 0) {
    return { status: 'pass', message: `${identities.join(', ')} can take conversations` };
  }
  return {
    status: 'fail',
    message: faults.join('; '),
    fix: 'Set DEFAULT_WORKER in .env to identities as Frontline > Manage > Users shows them, exactly, and run npm run setup; a new user has to sign in to the app once',
  };
}

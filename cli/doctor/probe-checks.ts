import type { Owner } from '../../lambdas/customers/customer-repository';
import { errorMessage } from '../../lambdas/errors';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import type { StackOutputs } from '../aws/deployed-stack';
import { type Answer, sendCallback, sign } from '../callback/send-callback';
import type { Settings } from '../settings/settings';
import type { CheckResult, HealthCheck } from './health-check';
import { faultOf, timesOf } from './probe-outcome';
import { probeQuestions } from './probe-questions';

const DEPLOYED = ['configuration', 'aws', 'stack', 'deployed-settings'];
/** Its callback needs nothing else, so it alone reports a wrong URL, signature or secret. */
const FIRST = 'probe-outgoing-conversation';
const SIGNED = [...DEPLOYED, 'secret', 'twilio-token', 'replica', 'probe-unsigned'];
const BEHIND_FIRST = [...SIGNED, FIRST];

/**
 * Calls the deployed callbacks by the URLs that Twilio has: once unsigned, and once each with a request of Twilio's
 * that changes nothing. A probe whose fault would make all others fail comes first.
 */
export function probeChecks({
  settings,
  outputs,
  listOwners,
}: {
  readonly settings: () => Settings;
  readonly outputs: () => Promise<StackOutputs>;
  /** The workers who own customers, as the callbacks know them. */
  readonly listOwners: () => Promise<readonly Owner[]>;
}): readonly HealthCheck[] {
  const probe = (callback: CallbackName, title: string, dependsOn: readonly string[]): HealthCheck => ({
    id: `probe-${callback}`,
    title,
    dependsOn,
    run: async () => askTwice(callback, settings(), await outputs(), listOwners),
  });
  return [
    {
      id: 'probe-unsigned',
      title: 'Unsigned request',
      dependsOn: DEPLOYED,
      run: async () => askUnsigned(settings(), await outputs()),
    },
    probe('outgoing-conversation', 'Callback outgoing-conversation', SIGNED),
    probe('crm', 'Callback crm', BEHIND_FIRST),
    probe('templates', 'Callback templates', BEHIND_FIRST),
    probe('routing', 'Callback routing', BEHIND_FIRST),
    probe('twilio-conversations', 'Callback twilio-conversations', BEHIND_FIRST),
  ];
}

async function askTwice(
  callback: CallbackName,
  settings: Settings,
  { callbackUrls }: StackOutputs,
  listOwners: () => Promise<readonly Owner[]>,
): Promise<CheckResult> {
  const probe = probeQuestions(settings)[callback];
  const url = callbackUrls[callback];
  const signature = sign(settings.authToken, url, probe.form);
  const ask = () => sendCallback(url, probe.form, signature);
  try {
    const first = await ask();
    const fault = faultOf(probe, first);
    if (fault !== null) {
      const isForWantOfWorkers = first.body.includes('"ConversationWithoutWorker"');
      return isForWantOfWorkers && (await hasNoWorker(settings, listOwners)) ? withoutWorker(first) : fault;
    }
    const second = await ask();
    return faultOf(probe, second) ?? timesOf(probe, first, second);
  } catch (error) {
    return noAnswer(error);
  }
}

/** Whether the service is new: it has no default worker, and no customer has an owner. */
async function hasNoWorker(
  { configuration }: Settings,
  listOwners: () => Promise<readonly Owner[]>,
): Promise<boolean> {
  return configuration.defaultWorkers.length === 0 && (await listOwners()).length === 0;
}

/** Routing did all it can: it looked for a worker, and there is none. */
function withoutWorker({ milliseconds }: Answer): CheckResult {
  return {
    status: 'pass',
    message: `in ${milliseconds} ms: no worker can take a conversation yet; set DEFAULT_WORKER, or give a customer an owner`,
  };
}

/** Sent to one function only, so that it does not look like an attack. */
async function askUnsigned(settings: Settings, { callbackUrls }: StackOutputs): Promise<CheckResult> {
  const { callback, form } = probeQuestions(settings)['outgoing-conversation'];
  const url = callbackUrls[callback];
  try {
    const { status, milliseconds, body } = await sendCallback(url, form, null);
    if (status === 403 && body.includes('"NotSigned"')) {
      return { status: 'pass', message: `rejected with 403 in ${milliseconds} ms` };
    }
    return {
      status: 'fail',
      message: `${url} returned ${status} to an unsigned request instead of 403`,
      fix: `Another service responds at this URL: check PUBLIC_BASE_URL, or see npm run logs -- --errors --callback ${callback}`,
    };
  } catch (error) {
    return noAnswer(error);
  }
}

function noAnswer(error: unknown): CheckResult {
  return {
    status: 'fail',
    message: errorMessage(error),
    fix: 'Check that the host of PUBLIC_BASE_URL resolves, that its certificate is valid and that the stack exists; then npm run setup',
  };
}

import { errorMessage } from '../../lambdas/errors';
import type { CallbackName } from '../../lambdas/twilio/callbacks';
import { sendCallback, sign } from '../callback/send-callback';
import type { DoctorContext } from './doctor-context';
import { type CheckResult, failed, type HealthCheck, passed } from './health-check';
import { probeRequests } from './probe-requests';
import { faultOf, rejectionIn, timesOf } from './probe-result';

const DEPLOYED = ['configuration', 'aws', 'stack', 'deployed-settings'];
const SIGNED = [...DEPLOYED, 'secret', 'twilio-token', 'replica', 'probe-unsigned'];
/** Its callback needs nothing else, so it alone reports a wrong URL, signature or secret. */
const FIRST = probe('outgoing-conversation', SIGNED);
const BEHIND_FIRST = [...SIGNED, FIRST.id];

/**
 * Calls the deployed callbacks by the URLs that Twilio has: once unsigned, and once each with a request of Twilio's
 * that changes nothing. A probe whose fault would make all others fail comes first.
 */
export const PROBE_CHECKS: readonly HealthCheck[] = [
  { id: 'probe-unsigned', title: 'Unsigned request', dependsOn: DEPLOYED, run: orNoResponse(sendUnsigned) },
  FIRST,
  probe('crm', BEHIND_FIRST),
  probe('templates', BEHIND_FIRST),
  probe('routing', BEHIND_FIRST),
  probe('twilio-conversations', BEHIND_FIRST),
];

function probe(callback: CallbackName, dependsOn: readonly string[]): HealthCheck {
  const run = orNoResponse((context) => sendTwice(callback, context));
  return { id: `probe-${callback}`, title: `Callback ${callback}`, dependsOn, run };
}

async function sendTwice(callback: CallbackName, context: DoctorContext): Promise<CheckResult> {
  if (callback === 'routing' && context.settings().inbox.routing === 'service') {
    return passed('not used: this service gives new chats a worker (ROUTING=service)');
  }
  const request = probeRequests(context.settings())[callback];
  const url = (await context.outputs()).callbackUrls[callback];
  const signature = sign(context.settings().authToken, url, request.form);
  const send = () => sendCallback(url, request.form, signature);
  const first = await send();
  const fault = faultOf(request, first);
  if (fault === null) {
    const second = await send();
    return faultOf(request, second) ?? timesOf(request, first, second);
  }
  const lacksWorker = rejectionIn(first)?.error === 'ConversationWithoutWorker';
  if (!lacksWorker || !(await isNew(context))) return fault;
  const need = 'no worker can take a conversation yet; set DEFAULT_WORKER, or give a customer an owner';
  return passed(`in ${first.milliseconds} ms: ${need}`);
}

/** Whether the service is new: it has no default worker, and no customer has an owner. */
async function isNew({ settings, customers }: DoctorContext): Promise<boolean> {
  if (settings().configuration.defaultWorkers.length > 0) return false;
  return (await (await customers()).listOwners()).length === 0;
}

/** Sent to one function only, so that it does not look like an attack. */
async function sendUnsigned({ settings, outputs }: DoctorContext): Promise<CheckResult> {
  const { callback, form } = probeRequests(settings())['outgoing-conversation'];
  const url = (await outputs()).callbackUrls[callback];
  const response = await sendCallback(url, form, null);
  const { status, milliseconds } = response;
  if (status === 403 && rejectionIn(response)?.error === 'NotSigned') {
    return passed(`rejected with 403 in ${milliseconds} ms`);
  }
  return failed(
    `${url} returned ${status} to an unsigned request instead of 403`,
    `Another service responds at this URL: check PUBLIC_BASE_URL, or see npx frontline logs --errors --callback ${callback}`,
  );
}

function orNoResponse(run: HealthCheck['run']): HealthCheck['run'] {
  return async (context) => {
    try {
      return await run(context);
    } catch (error) {
      const fix =
        'Check that the host of PUBLIC_BASE_URL resolves, that its certificate is valid and that the stack exists; then npx frontline setup';
      return failed(errorMessage(error), fix);
    }
  };
}

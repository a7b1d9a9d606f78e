import { readIdentity } from '../../lambdas/airtable/cells';
import { COLUMN, CUSTOMERS } from '../../lambdas/airtable/columns';
import type { CallbackName } from '../../lambdas/callback/callback-name';
import { reasonOf } from '../../lambdas/errors/errors';
import { type Answer, sendCallback, sign } from '../../local/callback/send-callback';
import { PacedBase, type Pacing } from '../airtable/paced-base';
import type { StackOutputs } from '../aws/deployed-stack';
import type { Settings } from '../settings/settings';
import type { Check, Outcome } from './check';
import { faultOf, timesOf } from './probe-outcome';
import { probeQuestions } from './probe-questions';

const DEPLOYED = ['configuration', 'aws', 'stack', 'deployed-settings'];
/** The one that needs nothing but itself: by it a wrong address, signature or secret shows, and once only. */
const FIRST = 'probe-outgoing-conversation';
const SIGNED = [...DEPLOYED, 'secret', 'twilio-token', 'probe-unsigned'];
const BEHIND_FIRST = [...SIGNED, FIRST];

/**
 * Calls the deployed callbacks by the URLs that Twilio has: once unsigned, and once each with a question of Twilio's
 * that changes nothing. In an order in which one that fails for all of them comes first.
 */
export function probeChecks({
  settings,
  outputs,
  pacing = {},
}: {
  readonly settings: () => Settings;
  readonly outputs: () => Promise<StackOutputs>;
  readonly pacing?: Pacing;
}): readonly Check[] {
  const probe = (callback: CallbackName, title: string, needs: readonly string[]): Check => ({
    id: `probe-${callback}`,
    title,
    needs,
    run: async () => askTwice(callback, settings(), await outputs(), pacing),
  });
  return [
    {
      id: 'probe-unsigned',
      title: 'Unsigned request',
      needs: DEPLOYED,
      run: async () => askUnsigned(settings(), await outputs()),
    },
    probe('outgoing-conversation', 'Callback outgoing-conversation', SIGNED),
    probe('crm', 'Callback crm', [...BEHIND_FIRST, 'airtable-token', 'table-customers']),
    probe('templates', 'Callback templates', [...BEHIND_FIRST, 'airtable-token', 'table-templates']),
    probe('routing', 'Callback routing', [...BEHIND_FIRST, 'airtable-token', 'table-customers']),
    probe('twilio-conversations', 'Callback twilio-conversations', BEHIND_FIRST),
  ];
}

async function askTwice(
  callback: CallbackName,
  settings: Settings,
  { callbackUrls }: StackOutputs,
  pacing: Pacing,
): Promise<Outcome> {
  const probe = probeQuestions(settings)[callback];
  const url = callbackUrls[callback];
  const signature = sign(settings.authToken, url, probe.form);
  const base = baseOf(settings, pacing);
  const ask = async () => {
    await base.leaveRoomFor(probe.airtableRequests);
    return sendCallback(url, probe.form, signature);
  };
  try {
    const first = await ask();
    const fault = faultOf(probe, first);
    if (fault !== null) {
      const isForWantOfWorkers = first.body.includes('"ConversationWithoutWorker"');
      return isForWantOfWorkers && (await isNobodyKnown(base, settings)) ? nobodyYet(first) : fault;
    }
    const second = await ask();
    return faultOf(probe, second) ?? timesOf(probe, first, second);
  } catch (error) {
    return noAnswer(error);
  }
}

/** Whether the service is as new as that: it has no default worker, and no customer in the base has an owner. */
async function isNobodyKnown(base: PacedBase, { configuration }: Settings): Promise<boolean> {
  if (configuration.defaultWorkers.length > 0) return false;
  for await (const { records } of base.pages(CUSTOMERS, { fields: [COLUMN.owner] })) {
    if (records.some((record) => readIdentity(record.fields[COLUMN.owner]) !== null)) return false;
  }
  return true;
}

/** It did all that it can: it read the base and asked Twilio, and there is nobody in them. */
function nobodyYet({ milliseconds }: Answer): Outcome {
  return {
    verdict: 'right',
    says: `in ${milliseconds} ms: there is no worker yet to take a conversation; set DEFAULT_WORKER, or give a customer an owner`,
  };
}

/** The base that the service asks. A doctor who used up its five requests a second would make the service ill. */
function baseOf({ configuration, airtableApiKey }: Settings, pacing: Pacing): PacedBase {
  const { airtableUrl: url, airtableBaseId: baseId } = configuration;
  return new PacedBase({ url, baseId, apiKey: airtableApiKey }, pacing);
}

/** Of one function only, so as not to look like somebody who tries. */
async function askUnsigned(settings: Settings, { callbackUrls }: StackOutputs): Promise<Outcome> {
  const { callback, form } = probeQuestions(settings)['outgoing-conversation'];
  const url = callbackUrls[callback];
  try {
    const { status, milliseconds, body } = await sendCallback(url, form, null);
    if (status === 403 && body.includes('"NotSigned"')) {
      return { verdict: 'right', says: `refused with 403 in ${milliseconds} ms` };
    }
    return {
      verdict: 'wrong',
      says: `${url} answers ${status} to a request that nobody signed, where the service says 403`,
      remedy: `It is not this service that answers there: see PUBLIC_BASE_URL, or npm run logs -- --errors --callback ${callback}`,
    };
  } catch (error) {
    return noAnswer(error);
  }
}

function noAnswer(error: unknown): Outcome {
  return {
    verdict: 'wrong',
    says: reasonOf(error),
    remedy:
      'The name must resolve, its certificate be valid, and the stack stand: see PUBLIC_BASE_URL, then npm run setup',
  };
}

import type { CheckResult } from '../doctor/health-check';
import { type ConversationService, pageOf } from './conversation-service';
import { REPLACE_EXISTING } from './plan-part';
import type { TwilioAccount } from './twilio-account';
import {
  eventsOfOthers,
  hasNone,
  listenerAt,
  missingEvents,
  type Webhooks,
  withoutSecrets,
} from './webhooks';

/** The webhooks that apply to the service: the account's unless the service has its own. */
export async function readEffectiveWebhooks(
  account: TwilioAccount,
  service: ConversationService,
  callbackUrl: string,
): Promise<Webhooks> {
  const own = await account.readWebhooks(service.sid);
  if (!hasNone(own)) return own;
  const ofAccount = await account.readAccountWebhooks();
  const urls = [ofAccount.preUrl, ofAccount.postUrl];
  return urls.some((url) => listenerAt(url, callbackUrl) === 'this stack') ? ofAccount : own;
}

/** Whether the service's webhooks send this stack every event that it needs (twilio.md#configuration). */
export function webhooksOutcome(
  service: ConversationService,
  webhooks: Webhooks,
  callbackUrl: string,
): CheckResult {
  const { preUrl, postUrl, method } = webhooks;
  const missing = missingEvents(webhooks);
  const problems = [
    ...wrongAddress('pre-event', preUrl, callbackUrl),
    ...wrongAddress('post-event', postUrl, callbackUrl),
    ...(method === 'POST' ? [] : [`the method is ${method} instead of POST`]),
    ...(missing.length === 0 ? [] : [`these events are not asked for: ${missing.join(', ')}`]),
  ];
  if (problems.length === 0) {
    const others = eventsOfOthers(webhooks);
    const kept = others.length === 0 ? '' : `, and of others: ${others.join(', ')}`;
    return { status: 'pass', message: `"${service.friendlyName}" tells this stack of all its events${kept}` };
  }
  const isForeign = [preUrl, postUrl].some((url) => listenerAt(url, callbackUrl) === 'another integration');
  const command = isForeign ? REPLACE_EXISTING : 'npm run setup';
  return {
    status: 'fail',
    message: `"${service.friendlyName}": ${problems.join('; ')}`,
    fix: `${command}; or by hand, ${pageOf(service)} > Webhooks: ${callbackUrl} as both URLs, method POST, and the events that are missing`,
  };
}

function wrongAddress(which: string, url: string | null, callbackUrl: string): readonly string[] {
  const listener = listenerAt(url, callbackUrl);
  if (listener === 'this stack') return [];
  if (url === null) return [`there is no ${which} URL`];
  const whose =
    listener === 'another stack'
      ? "an old stack's, another one's or mistyped"
      : 'that of another integration';
  return [`the ${which} URL is ${whose}: ${withoutSecrets(url)}`];
}

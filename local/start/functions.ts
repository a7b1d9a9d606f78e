import { CALLBACK_NAMES, type CallbackName, callbackPath } from '../../lambdas/callback/callback-name';
import { functionTimeoutMs } from '../../lambdas/deadline/answer-deadlines';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping-path';
import type { LambdaFunction } from '../gateway/gateway';
import type { InvokableFunction } from '../lambda/invocation';

/** The name under which functions find `sync` here. */
export const SYNC_FUNCTION = 'sync';

const SYNC_TIMEOUT_MS = 15 * 60_000;
const AIRTABLE_WEBHOOK_TIMEOUT_MS = 10_000;

/** The functions as the stack deploys them. */
export interface ServiceFunctions {
  /** Those behind the gateway, by route. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly sync: InvokableFunction<unknown>;
}

/** Loads the handlers. */
export async function loadFunctions(): Promise<ServiceFunctions> {
  // Loaded only here: a mistake in the settings is told without the half second that this takes.
  const [callbacks, airtableWebhook, sync] = await Promise.all([
    loadCallbacks(),
    import('../../lambdas/airtable-webhook'),
    import('../../lambdas/sync'),
  ]);
  const ping: LambdaFunction = {
    name: 'airtable-webhook',
    timeoutMilliseconds: AIRTABLE_WEBHOOK_TIMEOUT_MS,
    handler: airtableWebhook.handler,
  };
  return {
    routes: { ...callbacks, [`POST ${AIRTABLE_WEBHOOK_PATH}`]: ping },
    sync: { name: SYNC_FUNCTION, timeoutMilliseconds: SYNC_TIMEOUT_MS, handler: sync.handler },
  };
}

async function loadCallbacks(): Promise<Readonly<Record<string, LambdaFunction>>> {
  const modules: Readonly<Record<CallbackName, Pick<LambdaFunction, 'handler'>>> = {
    crm: await import('../../lambdas/crm'),
    'outgoing-conversation': await import('../../lambdas/outgoing-conversation'),
    templates: await import('../../lambdas/templates'),
    routing: await import('../../lambdas/routing'),
    'twilio-conversations': await import('../../lambdas/twilio-conversations'),
  };
  const routes = CALLBACK_NAMES.map((name): [string, LambdaFunction] => {
    const { handler } = modules[name];
    return [`POST ${callbackPath(name)}`, { name, timeoutMilliseconds: functionTimeoutMs(name), handler }];
  });
  return Object.fromEntries(routes);
}

/** Where a callback is, on a host or behind a tunnel. */
export function callbackUrl(baseUrl: string, name: CallbackName): string {
  return `${baseUrl}${callbackPath(name)}`;
}

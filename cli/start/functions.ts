import type { LambdaFunction } from '../../emulators/gateway/gateway';
import type { InvokableFunction } from '../../emulators/lambda/invocation';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { loadCallbacks } from './callbacks';

/** The name with which functions invoke `sync` here. */
export const SYNC_FUNCTION = 'sync';

const SYNC_TIMEOUT_MS = 15 * 60_000;
const AIRTABLE_WEBHOOK_TIMEOUT_MS = 10_000;

/** The functions as the stack deploys them. */
export interface ServiceFunctions {
  /** The functions behind the gateway, by route. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly sync: InvokableFunction<unknown>;
}

/** Loads the handlers. */
export async function loadFunctions(): Promise<ServiceFunctions> {
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

import type { LambdaFunction } from '../../emulators/gateway/gateway';
import type { InvokableFunction } from '../../emulators/lambda/invocation';
import { INBOX_REQUEST_MS } from '../../lambdas/inbox/http/start-inbox-deadline';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { CALLBACK_NAMES, callbackPath, functionTimeoutMs } from '../../lambdas/twilio/callbacks';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/function-names';
import { FunctionCode } from './function-code';

/** The name with which functions invoke `sync` here. */
export const SYNC_FUNCTION = 'sync';

const SYNC_TIMEOUT_MS = 15 * 60_000;
const AIRTABLE_WEBHOOK_TIMEOUT_MS = 10_000;
const INBOX_EVENTS_TIMEOUT_MS = 30_000;
const INBOX_LIVE_TIMEOUT_MS = 6_000;

/** The functions of the workers' inbox, which the demo has. */
export interface InboxFunctions {
  readonly api: LambdaFunction;
  readonly events: InvokableFunction<unknown>;
  readonly live: InvokableFunction<unknown>;
}

/** The functions as the stack deploys them. */
export interface ServiceFunctions {
  /** The functions behind the gateway, by route. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly sync: InvokableFunction<unknown>;
  readonly inbox: InboxFunctions;
  /** Reloads a function when its source changes. */
  readonly watch: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Loads the functions. @param notify called with a message after each reload */
export async function loadFunctions(notify: (message: string) => void): Promise<ServiceFunctions> {
  const code = await FunctionCode.load(FUNCTION_NAMES, notify);
  const load = (name: FunctionName, timeoutMilliseconds: number): InvokableFunction<unknown> => ({
    name,
    timeoutMilliseconds,
    handler: (event, context) => code.handler(name)(event, context),
  });
  const callbacks = CALLBACK_NAMES.map((name): [string, LambdaFunction] => [
    `POST ${callbackPath(name)}`,
    load(name, functionTimeoutMs(name)),
  ]);
  return {
    routes: {
      ...Object.fromEntries(callbacks),
      [`POST ${AIRTABLE_WEBHOOK_PATH}`]: load('airtable-webhook', AIRTABLE_WEBHOOK_TIMEOUT_MS),
    },
    sync: load(SYNC_FUNCTION, SYNC_TIMEOUT_MS),
    inbox: {
      api: load('inbox-api', INBOX_REQUEST_MS + 5_000),
      events: load('inbox-events', INBOX_EVENTS_TIMEOUT_MS),
      live: load('inbox-live', INBOX_LIVE_TIMEOUT_MS),
    },
    watch: () => code.watch(),
    close: () => code.close(),
  };
}

import type { LambdaFunction } from '../../emulators/gateway/gateway';
import type { InvokableFunction } from '../../emulators/lambda/invocation';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { CALLBACK_NAMES, callbackPath } from '../../lambdas/twilio/callbacks';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/function-names';
import { FUNCTION_TIMEOUTS_MS } from '../../lib/function-timeouts';
import { FunctionCode } from './function-code';

/** The name with which functions invoke `sync` here. */
export const SYNC_FUNCTION = 'sync';

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
  const load = (name: FunctionName): InvokableFunction<unknown> => ({
    name,
    timeoutMilliseconds: FUNCTION_TIMEOUTS_MS[name],
    handler: (event, context) => code.handler(name)(event, context),
  });
  const callbacks = CALLBACK_NAMES.map((name): [string, LambdaFunction] => [
    `POST ${callbackPath(name)}`,
    load(name),
  ]);
  return {
    routes: {
      ...Object.fromEntries(callbacks),
      [`POST ${AIRTABLE_WEBHOOK_PATH}`]: load('airtable-webhook'),
    },
    sync: load(SYNC_FUNCTION),
    inbox: {
      api: load('inbox-api'),
      events: load('inbox-events'),
      live: load('inbox-live'),
    },
    watch: () => code.watch(),
    close: () => code.close(),
  };
}

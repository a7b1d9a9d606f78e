import type { Listening } from '../../emulators/core/listen';
import { type LambdaFunction, startGateway } from '../../emulators/gateway/gateway';
import {
  CALLBACK_NAMES,
  type CallbackName,
  callbackPath,
  functionTimeoutMs,
} from '../../lambdas/twilio/callbacks';

/** Loads the handlers of the five callbacks. @returns them by route */
export async function loadCallbacks(): Promise<Readonly<Record<string, LambdaFunction>>> {
  // Loaded here, so that invalid settings are reported without the half second that loading takes.
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

/** Starts the gateway with the five callbacks only. */
export async function startCallbacks(port: number): Promise<Listening> {
  return startGateway({ routes: await loadCallbacks(), port });
}

/** The URL of a callback, on a host or behind a tunnel. */
export function callbackUrl(baseUrl: string, name: CallbackName): string {
  return `${baseUrl}${callbackPath(name)}`;
}

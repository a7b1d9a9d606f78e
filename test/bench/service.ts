import { createRequire } from 'node:module';
import * as v from 'valibot';
import { type CallbackResponse, sendCallback, sign } from '../../cli/callback/send-callback';
import { Closables } from '../../cli/start/start-context';
import type { Listening } from '../../emulators/core/http-server';
import { startGateway } from '../../emulators/gateway/gateway';
import type { InvocationResult, InvokableFunction } from '../../emulators/lambda/invocation';
import { type LambdaEmulator, startLambda } from '../../emulators/lambda/lambda-emulator';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import { CALLBACK_NAMES, type CallbackName, callbackPath } from '../../lambdas/twilio/callbacks';
import type { ServiceFunctionName } from '../../lib/function-names';
import { FUNCTION_TIMEOUTS_MS } from '../../lib/function-timeouts';
import type { Bundles } from './bundles';
import { type Surroundings, type SurroundingsOptions, startSurroundings } from './surroundings';

export interface ServiceOptions extends SurroundingsOptions {
  /** Whether Airtable's webhook calls the service; else it is polled. */
  readonly isCalledByAirtable?: boolean;
}

/** The bundles of all functions behind the local gateway, and all their dependencies. */
export class Service {
  private constructor(
    readonly surroundings: Surroundings,
    readonly lambda: LambdaEmulator,
    private readonly gateway: Listening,
    private readonly running: Closables,
  ) {}

  /** Starts it. Nothing has been read from the base yet. */
  static async start(bundles: Bundles, options: ServiceOptions): Promise<Service> {
    const running = new Closables();
    const surroundings = running.add(await startSurroundings(options));
    const sync = functionOf(bundles, 'sync');
    const lambda = running.add(await startLambda({ functions: [sync], log: () => {} }));
    const callbacks = CALLBACK_NAMES.map((name) => [`POST ${callbackPath(name)}`, functionOf(bundles, name)]);
    const webhook = functionOf(bundles, 'airtable-webhook');
    const routes = { ...Object.fromEntries(callbacks), [`POST ${AIRTABLE_WEBHOOK_PATH}`]: webhook };
    const gateway = running.add(await startGateway({ routes }));
    surroundings.setEnvironment({
      lambdaUrl: lambda.url,
      publicBaseUrl: gateway.url,
      webhookUrl: options.isCalledByAirtable === true ? `${gateway.url}${AIRTABLE_WEBHOOK_PATH}` : undefined,
    });
    return new Service(surroundings, lambda, gateway, running);
  }

  /** Sends a callback as Twilio does. */
  ask(callback: CallbackName, parameters: Readonly<Record<string, string>>): Promise<CallbackResponse> {
    const url = `${this.gateway.url}${callbackPath(callback)}`;
    const form = Object.entries(parameters);
    return sendCallback(url, form, sign(DEMO_CREDENTIALS.authToken, url, form));
  }

  /** Runs `sync` once, as the schedule or a ping does. */
  sync(run: SyncEvent['run']): Promise<InvocationResult> {
    return this.lambda.invoke('sync', { run });
  }

  /** Reads the base for the first time. @throws {Error} if that fails */
  async readBase(): Promise<void> {
    const result = await this.sync('pass');
    if (result.kind !== 'returned') throw new Error('The first pass failed', { cause: result });
  }

  async close(): Promise<void> {
    await this.running.close();
  }
}

const Loaded = v.object({
  handler: v.custom<InvokableFunction<unknown>['handler']>((value) => typeof value === 'function'),
});

function functionOf(bundles: Bundles, name: ServiceFunctionName): InvokableFunction<unknown> {
  const { file } = bundles.of(name);
  const { handler } = v.parse(Loaded, createRequire(import.meta.url)(file));
  return { name, timeoutMilliseconds: FUNCTION_TIMEOUTS_MS[name], handler };
}

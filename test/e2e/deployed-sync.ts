import {
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import { eventually } from './eventually';
import { type MiniStack, REGION, ROOT } from './ministack';

const Schedules = v.object({ Schedules: v.array(v.object({ Name: v.string() })) });

/** The sync function, as an operator invokes it and as Lambda ends it. */
export class DeployedSync {
  readonly #client: LambdaClient;

  constructor(
    private readonly cloud: MiniStack,
    private readonly functionName: string,
  ) {
    this.#client = new LambdaClient({
      endpoint: cloud.url,
      region: REGION,
      credentials: ROOT,
      requestHandler: { requestTimeout: 60_000 },
    });
  }

  /** Runs it to its end. @returns Lambda's error if the function failed or was ended; null if it succeeded. */
  async run(event: SyncEvent): Promise<string | null> {
    const { FunctionError, Payload } = await this.#client.send(
      new InvokeCommand({ FunctionName: this.functionName, Payload: JSON.stringify(event) }),
    );
    return FunctionError === undefined ? null : `${FunctionError}: ${Payload?.transformToString()}`;
  }

  /** Sets the timeout, in seconds, after which Lambda ends it in the middle of its work. */
  async setTimeout(seconds: number): Promise<void> {
    await this.#client.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: this.functionName, Timeout: seconds }),
    );
  }

  /** Switches the account's only schedule on or off. */
  async setSchedule(State: 'ENABLED' | 'DISABLED'): Promise<void> {
    const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
      JSON.parse(await this.cloud.request('scheduler', path, init));
    const [schedule] = v.parse(Schedules, await ask('/schedules')).Schedules;
    const path = `/schedules/${schedule?.Name}`;
    const known = v.parse(v.looseObject({ State: v.string() }), await ask(path));
    await ask(path, { method: 'PUT', body: JSON.stringify({ ...known, State }) });
  }

  /** Waits until no run is under way: with room for one only, Lambda rejects another one until then. */
  async waitUntilIdle(signal: AbortSignal): Promise<void> {
    const { functionName: FunctionName } = this;
    await this.#client.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }),
    );
    await eventually(signal, async () => void (await this.run({ run: 'schedule' })));
    await this.#client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  }
}

import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import { type MiniStack, REGION, ROOT } from './ministack';

/** The sync function, as an operator invokes it and as Lambda ends it. */
export class DeployedSync {
  readonly #client: LambdaClient;

  constructor(
    cloud: MiniStack,
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
}

import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BaseFile } from '../../emulators/seed/base-file';
import type { Environment } from '../../lambdas/config';
import { ConfigurationError, isKnownError } from '../../lambdas/errors';
import type { CountryCode } from '../../lambdas/phone-number/address';
import type { StartSync } from '../../lambdas/sync/sync-event';
import { openStores, type ServiceStores } from '../replica/open-stores';
import { SYNC_FUNCTION } from '../start/functions';
import { nextPort } from '../start/listen-on-port';
import { TABLE_NAMES } from '../start/replica';
import { readPort } from '../terminal/port';

/** Where `npm start` runs. */
export interface LocalPlace {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  /** The project's folder. */
  readonly directory: string;
  readonly defaultCountry: CountryCode;
}

/**
 * The stores of the `npm start` that runs in this folder: of its demo base, or with `--live` of the base of `.env`.
 * @throws {ConfigurationError} if none is running
 */
export async function openLocalStores(place: LocalPlace): Promise<ServiceStores> {
  const { environment, directory, defaultCountry } = place;
  const port = readPort(environment);
  const client = new DynamoDBClient(clientAt(nextPort(port, 4)));
  const startSync = startLocalSync(nextPort(port, 5));
  const demo = await new BaseFile(join(directory, '.frontline', 'base.json')).load();
  const baseIds = [demo?.id, environment['AIRTABLE_BASE_ID']?.trim()].flatMap((id) => id || []);
  const all = baseIds.map((baseId) =>
    openStores({
      client,
      replicaTable: TABLE_NAMES.replica,
      optOutTable: TABLE_NAMES.optOuts,
      baseId,
      defaultCountry,
      startSync,
    }),
  );
  for (const stores of all) {
    if (await hasPass(stores, port)) return stores;
  }
  throw new ConfigurationError([
    `npm start on port ${port} has not read its base yet. Retry in a moment, or start it in this folder`,
  ]);
}

async function hasPass({ replica }: ServiceStores, port: number): Promise<boolean> {
  try {
    return (await replica.readState()).lastPass !== null;
  } catch (error) {
    if (!isKnownError(error)) throw error;
    throw new ConfigurationError(
      [`npm start is not running on port ${port}. Start it in another terminal, or set PORT to its port`],
      { cause: error },
    );
  }
}

function startLocalSync(port: number): StartSync {
  const client = new LambdaClient(clientAt(port));
  return async (event) => {
    await client.send(
      new InvokeCommand({
        FunctionName: SYNC_FUNCTION,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
  };
}

/** Ignores any AWS account that is set up here, because this machine's emulators do not use it. */
function clientAt(port: number) {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}

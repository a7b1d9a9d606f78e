import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../lambdas/errors';
import { UserError } from '../../lib/user-error';
import { claimLock, lockHolder, type ProcessLock } from '../terminal/process-lock';

/** A running `npm start`, for the other commands in its folder. */
const StartState = v.object({
  urls: v.object({
    /** The service's own URL. */
    service: v.string(),
    /** Absent with `--live`. */
    airtable: v.optional(v.string()),
    twilio: v.optional(v.string()),
    secretsManager: v.string(),
    dynamoDb: v.string(),
    lambda: v.string(),
  }),
  baseId: v.string(),
  banner: v.string(),
});
export type StartState = v.InferOutput<typeof StartState>;

/**
 * Claims the folder for this `npm start`, because two would overwrite each other's base and log.
 * @throws {UserError} naming the one that runs
 */
export function claimFolder(directory: string): Promise<ProcessLock> {
  const path = lockFile(directory);
  return claimLock(path, async (processId) => {
    const state = await readState(directory);
    const where = state === null ? '' : ` at ${state.urls.service}`;
    throw new UserError(
      `npm start is already running in this folder${where} (process ${processId}). Stop it first. If that process is another program, delete ${path}`,
    );
  });
}

/** Publishes the state to the other commands, until it is closed. */
export async function publishState(directory: string, state: StartState): Promise<ProcessLock> {
  await writeFile(stateFile(directory), JSON.stringify(state, null, 1));
  return { close: () => rm(stateFile(directory), { force: true }) };
}

/** The `npm start` that runs in this folder; null without one, or before it is ready. */
export async function findRunning(directory: string): Promise<StartState | null> {
  return (await lockHolder(lockFile(directory))) === null ? null : readState(directory);
}

/** As `findRunning`. @throws {UserError} without one */
export async function requireRunning(directory: string): Promise<StartState> {
  const state = await findRunning(directory);
  if (state !== null) return state;
  throw new UserError('npm start is not running in this folder. Start it in another terminal.');
}

async function readState(directory: string): Promise<StartState | null> {
  try {
    return v.parse(StartState, JSON.parse(await readFile(stateFile(directory), 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError || v.isValiError(error)) return null;
    throw error;
  }
}

const lockFile = (directory: string) => join(directory, '.frontline', 'start.pid');
const stateFile = (directory: string) => join(directory, '.frontline', 'start.json');

import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { startWorldForFive } from './five-callbacks';
import { closeWorlds, World, type WorldOptions } from './world';

/** The current test's world. A test file that imports it needs no hooks of its own to close it. */
export let world: World;

const open: World[] = [];

/** Starts the current test's world, in place of an earlier one. */
export async function startWorld(options?: WorldOptions): Promise<void> {
  await closeOpen();
  use(await World.start(options));
}

/** As `startWorld`, for all five callbacks. */
export async function startFive(options?: WorldOptions): Promise<void> {
  await closeOpen();
  use(await startWorldForFive(options));
}

function use(started: World): void {
  world = started;
  open.push(started);
}

async function closeOpen(): Promise<void> {
  for (const each of open.splice(0)) await each.close();
}

/** One world for all tests of a file, none of which changes what another one sees. */
export function shareFive(options?: WorldOptions): void {
  beforeAll(async () => {
    world = await startWorldForFive(options);
    shared = world;
  });
}

let shared: World | undefined;

afterEach(closeOpen);
afterAll(async () => {
  await shared?.close();
  await closeWorlds();
});

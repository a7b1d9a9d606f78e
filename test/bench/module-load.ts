import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bundle } from './bundles';
import { median } from './median';

const run = promisify(execFile);
const ROUNDS = 15;
const MEASURE = `
  const start = process.hrtime.bigint();
  require(process.argv[1]);
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
  process.exit();`;

/** Milliseconds to load each bundle, the median of 15 fresh processes; in turns, so that noise meets all alike. */
export async function moduleLoadTimes(bundles: readonly Bundle[]): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, file } of bundles) {
      const { stdout } = await run(process.execPath, ['-e', MEASURE, file]);
      times.set(name, [...(times.get(name) ?? []), Number(stdout)]);
    }
  }
  return new Map([...times].map(([name, measured]) => [name, median(measured)]));
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bundle, Bundles } from './bundles';
import { median } from './median';
import { atMost, milliseconds, type Quantity, type Result, ratio, told } from './result';
import { WHOLE, WHOLE_WITHOUT_DYNAMODB, yardsticks } from './yardsticks';

const run = promisify(execFile);
const ROUNDS = 11;
const MEASURE = `
  const start = process.hrtime.bigint();
  require(process.argv[1]);
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
  process.exit();`;

/**
 * The most that a function may take to load, as a part of what naive whole imports take, which have DynamoDB's client
 * in them as long as the function has.
 */
const GOALS: Readonly<Record<string, Quantity>> = {
  crm: ratio(0.3),
  'outgoing-conversation': ratio(0.3),
  templates: ratio(0.3),
};

export async function measure(bundles: Bundles): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'frontline-airtable-yardsticks-'));
  try {
    const compared = [...(await yardsticks(folder)), ...bundles.all];
    const loads = await moduleLoadTimes(compared);
    const timeOf = (name: string) => loads.get(name) ?? Number.NaN;
    return compared.flatMap(({ name, kilobytes }) => {
      const time = timeOf(name);
      const what = `${name} (${kilobytes} kB)`;
      const ofWhole = ratio(time / timeOf(WHOLE));
      const goal = GOALS[name];
      return [
        told(what, milliseconds(time)),
        goal ? atMost(`${what}, of ${WHOLE}`, ofWhole, goal) : told(`${what}, of ${WHOLE}`, ofWhole),
        told(`${what}, of ${WHOLE_WITHOUT_DYNAMODB}`, ratio(time / timeOf(WHOLE_WITHOUT_DYNAMODB))),
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds to load each bundle, the median of fresh processes; in turns, so that noise meets all alike. */
async function moduleLoadTimes(bundles: readonly Bundle[]): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, file } of bundles) {
      const { stdout } = await run(process.execPath, ['-e', MEASURE, file]);
      times.set(name, [...(times.get(name) ?? []), Number(stdout)]);
    }
  }
  return new Map([...times].map(([name, measured]) => [name, median(measured)]));
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bundle, Bundles } from './bundles';
import { median } from './median';
import { atMost, milliseconds, type Result, ratio, told } from './result';
import { WHOLE, WHOLE_WITHOUT_DYNAMODB, yardsticks } from './yardsticks';

const run = promisify(execFile);
const ROUNDS = 15;
const MEASURE = `
  const start = process.hrtime.bigint();
  require(process.argv[1]);
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
  process.exit();`;

/** The limit, as a fraction of whole imports. */
const GOAL = { of: 'crm', limit: ratio(0.3) };

/**
 * The goal is relative to whole imports with DynamoDB's client, because crm uses it too. The ratio without it is from
 * before the replica.
 */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'frontline-airtable-yardsticks-'));
  try {
    const compared = [...(await yardsticks(folder)), ...bundles.all];
    const loads = await moduleLoadTimes(compared);
    const timeOf = (name: string) => loads.get(name) ?? Number.NaN;
    return compared.map(({ name, kilobytes }) => {
      const time = timeOf(name);
      const ofWhole = ratio(time / timeOf(WHOLE));
      const withoutDynamoDb = ratio(time / timeOf(WHOLE_WITHOUT_DYNAMODB)).text;
      const what = `${name} (${kilobytes} kB, ${milliseconds(time).text}): of whole imports (${withoutDynamoDb} of those without DynamoDB)`;
      return name === GOAL.of ? atMost(what, ofWhole, GOAL.limit) : told(what, ofWhole);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds to load each bundle, the median of fresh processes; in turns, so that noise affects all alike. */
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

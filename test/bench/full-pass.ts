import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { Bundles } from './bundles';
import { madeUpCustomers } from './questions';
import { atMost, count, megabytes, type Result, seconds, told } from './result';
import { startSurroundings } from './surroundings';

const run = promisify(execFile);

const CUSTOMERS = 50_000;
/** How long Airtable takes for a page. */
const PAGE_MS = 200;
const GOAL = { time: seconds(140), memory: megabytes(256), throttled: count(1) };

/** Runs the bundle as Lambda does, in a process that does nothing else. */
const RUN_SYNC = `
  const { handler } = require(process.argv[1]);
  const startedAt = performance.now();
  handler({ run: 'pass' }).then(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    console.log(JSON.stringify({ seconds, megabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
    process.exit();
  });`;
const Usage = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ seconds: v.number(), megabytes: v.number(), cpuSeconds: v.number() }),
);

/** The first pass of a large base, limited to 5 requests a second: it writes every customer. */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const surroundings = await startSurroundings({ customers: madeUpCustomers(CUSTOMERS) });
  const { airtable } = surroundings;
  try {
    airtable.faults.always({ kind: 'slow', milliseconds: PAGE_MS });
    surroundings.setEnvironment({ lambdaUrl: NOWHERE, publicBaseUrl: NOWHERE, webhookUrl: undefined });
    const { file } = bundles.of('sync');
    const { stdout } = await run(process.execPath, ['--enable-source-maps', '-e', RUN_SYNC, file]);
    const used = v.parse(Usage, stdout.trim().split('\n').at(-1));
    const throttled = airtable.requests.filter(({ status }) => status === 429).length;
    return [
      atMost(`full pass of ${CUSTOMERS} customers`, seconds(used.seconds), GOAL.time),
      atMost('memory (RSS) of the process', megabytes(used.megabytes), GOAL.memory),
      atMost('times throttled', count(throttled), GOAL.throttled),
      told('requests to Airtable', count(airtable.requests.length)),
      told('time of the processor', seconds(used.cpuSeconds)),
    ];
  } finally {
    await surroundings.close();
  }
}

const NOWHERE = 'http://127.0.0.1:9';

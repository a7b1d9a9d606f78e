import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { Bundles } from './bundles';
import { madeUpCustomers } from './questions';
import { atMost, count, megabytes, type Result, seconds, told } from './result';
import { type Surroundings, startSurroundings } from './surroundings';

const run = promisify(execFile);

const CUSTOMERS = 50_000;
/** Airtable's response time per page. */
const PAGE_MS = 200;
const GOAL = { time: seconds(140), memory: megabytes(256), throttled: count(1) };

/** Runs the bundle as Lambda does, in a process without other work. */
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
export function measure(bundles: Bundles): Promise<Result[]> {
  return withLargeBase(async (surroundings) => resultsOf('first pass', await runPass(bundles, surroundings)));
}

/** A base of 50,000 customers, and no service in front of it. */
export async function withLargeBase<T>(work: (surroundings: Surroundings) => Promise<T>): Promise<T> {
  const surroundings = await startSurroundings({ customers: madeUpCustomers(CUSTOMERS) });
  try {
    surroundings.airtable.faults.always({ kind: 'slow', milliseconds: PAGE_MS });
    surroundings.setEnvironment({ lambdaUrl: NOWHERE, publicBaseUrl: NOWHERE, webhookUrl: undefined });
    return await work(surroundings);
  } finally {
    await surroundings.close();
  }
}

const NOWHERE = 'http://127.0.0.1:9';

type Pass = v.InferOutput<typeof Usage> & { readonly requests: number; readonly throttled: number };

export async function runPass(bundles: Bundles, { airtable }: Surroundings): Promise<Pass> {
  const before = airtable.requests.length;
  const { file } = bundles.of('sync');
  const { stdout } = await run(process.execPath, ['--enable-source-maps', '-e', RUN_SYNC, file]);
  const requests = airtable.requests.slice(before);
  return {
    ...v.parse(Usage, stdout.trim().split('\n').at(-1)),
    requests: requests.length,
    throttled: requests.filter(({ status }) => status === 429).length,
  };
}

export function resultsOf(which: string, pass: Pass): Result[] {
  return [
    atMost(`${which} of ${CUSTOMERS} customers`, seconds(pass.seconds), GOAL.time),
    atMost(`${which}: memory (RSS) of the process`, megabytes(pass.megabytes), GOAL.memory),
    atMost(`${which}: times throttled`, count(pass.throttled), GOAL.throttled),
    told(`${which}: requests to Airtable`, count(pass.requests)),
    told(`${which}: time of the processor`, seconds(pass.cpuSeconds)),
  ];
}

/**
 * Measures the service's performance goals, and ends with 1 if one is missed.
 *
 *   npm run bench
 *   npm run bench -- --only full-pass --only replica
 *
 * The whole takes about six minutes. `--only nightly-pass` takes five more, and runs only if it is named.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { errorMessage } from '../../lambdas/errors';
import { synthesize } from './bundles';
import { messageOf } from './child';
import { MEASUREMENT_NAMES, USUAL_NAMES } from './measurements';
import { Result } from './result';

const { only } = parseArgs({ options: { only: { type: 'string', multiple: true } } }).values;
const unknown = only?.find((name) => !MEASUREMENT_NAMES.includes(name));
if (unknown !== undefined) {
  console.error(`There is no measurement ${unknown}. There are ${MEASUREMENT_NAMES.join(', ')}`);
  process.exit(2);
}

const missed: string[] = [];
const folder = await mkdtemp(join(tmpdir(), 'frontline-airtable-bench-'));
try {
  await synthesize(folder);
  console.log('| measurement | what | measured | goal | |');
  console.log('| --- | --- | ---: | ---: | --- |');
  for (const name of only ?? USUAL_NAMES) {
    for (const result of await resultsOf(name)) {
      console.log(row(name, result));
      if (!result.isReached) missed.push(`${name}: ${result.what}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (missed.length > 0) {
  console.error(`\nMissed:\n${missed.map((each) => `- ${each}`).join('\n')}`);
  process.exitCode = 1;
}

/** A measurement that fails is a missed goal, and the others go on. */
async function resultsOf(name: string): Promise<Result[]> {
  const startedAt = performance.now();
  try {
    return await messageOf(new URL('./measure.ts', import.meta.url), [name, folder], v.array(Result));
  } catch (error) {
    console.error(errorMessage(error));
    return [{ what: 'the measurement failed', measured: '', goal: '', isReached: false }];
  } finally {
    console.error(`${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
}

function row(name: string, { what, measured, goal, isReached }: Result): string {
  return `| ${[name, what, measured, goal, isReached ? '' : 'missed'].join(' | ')} |`;
}

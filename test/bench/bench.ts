import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import * as v from 'valibot';
import { runProgram } from '../../cli/terminal/run-program';
import { errorMessage } from '../../lambdas/errors';
import { synthesize } from './bundles';
import { messageOf } from './child';
import { MEASUREMENT_NAMES, USUAL_NAMES } from './measurements';
import { Result } from './result';

await runProgram(process.argv.slice(2), (program, signal) => {
  program
    .name('npm run bench --')
    .description(
      "Measures the service's performance goals. The whole takes about nine minutes. nightly-pass takes five more, and " +
        'runs only if it is named. Exit status: 1 if a goal is missed.',
    )
    .addOption(new Option('--only <names...>', 'only these measurements').choices(MEASUREMENT_NAMES))
    .action(async ({ only = USUAL_NAMES }: { readonly only?: readonly string[] }) => {
      process.exitCode = (await bench(only, signal)) ? 0 : 1;
    });
});

/** Prints the results. @returns whether every goal is reached */
async function bench(names: readonly string[], signal: AbortSignal): Promise<boolean> {
  const missed: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'frontline-airtable-bench-'));
  try {
    await synthesize(folder, signal);
    console.log('| measurement | what | measured | goal | |');
    console.log('| --- | --- | ---: | ---: | --- |');
    for (const name of names) {
      for (const result of await resultsOf(name, folder, signal)) {
        console.log(row(name, result));
        if (!result.isReached) missed.push(`${name}: ${result.what}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  if (missed.length > 0) console.error(`\nMissed:\n${missed.map((each) => `- ${each}`).join('\n')}`);
  return missed.length === 0;
}

/** A measurement that fails is a missed goal, and the others go on. */
async function resultsOf(name: string, folder: string, signal: AbortSignal): Promise<Result[]> {
  const startedAt = performance.now();
  try {
    return await messageOf(new URL('./measure.ts', import.meta.url), [name, folder], v.array(Result), signal);
  } catch (error) {
    signal.throwIfAborted();
    console.error(errorMessage(error));
    return [{ what: 'the measurement failed', measured: '', goal: '', isReached: false }];
  } finally {
    console.error(`${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
}

function row(name: string, { what, measured, goal, isReached }: Result): string {
  return `| ${[name, what, measured, goal, isReached ? '' : 'missed'].join(' | ')} |`;
}

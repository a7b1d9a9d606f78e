import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from './report';
import type { SetUpWorld } from './set-up-world';
import { ANA } from './team';

const ROWS = 5_000;
/** Number of customers in the base when the import is killed. */
const HALF_WAY = 2_400;
const LOOK_EVERY_MS = 50;

/**
 * Imports a large file, kills it half way, and imports it again. Without an AWS account, as for a person who has none
 * yet: setup then ends after the base.
 */
export async function importLargeFile(world: SetUpWorld, signal: AbortSignal): Promise<ImportRun> {
  const { operator, airtable } = world;
  const lines = Array.from({ length: ROWS }, (_, row) => `Customer ${row},+1415${2_000_000 + row},${ANA}`);
  writeFileSync(join(operator.checkout, 'customers.csv'), `name,sms,owner\n${lines.join('\n')}\n`);
  const startedAt = performance.now();

  const killed = new AbortController();
  const first = operator.runUntil(killed.signal, 'setup', ['--yes', '--import', 'customers.csv']);
  const customers = () => airtable.base.tables.find(({ name }) => name === 'Customers')?.records ?? [];
  while (customers().length < HALF_WAY) await delay(LOOK_EVERY_MS, undefined, { signal });
  killed.abort();
  const { status } = await first;
  const atKill = customers().length;

  const second = await operator.run('setup', '--yes', '--import', 'customers.csv');
  const third = await operator.run('setup', '--yes', '--import', 'customers.csv');
  return {
    wasKilled: status === null,
    atKill,
    second: second.output,
    third: third.output,
    names: customers().map(({ fields }) => String(fields['name'])),
    refusals: airtable.requests.filter((request) => request.status === 429).length,
    requests: airtable.requests.length,
    seconds: (performance.now() - startedAt) / 1_000,
  };
}

export interface ImportRun {
  readonly wasKilled: boolean;
  readonly atKill: number;
  /** The output of the second and the third run. */
  readonly second: string;
  readonly third: string;
  /** Of all customers in the base at the end. */
  readonly names: readonly string[];
  /** Number of throttled requests. */
  readonly refusals: number;
  readonly requests: number;
  readonly seconds: number;
}

export async function checkImport(report: Report, importing: Promise<ImportRun>): Promise<void> {
  const run = await importing;
  report.note(
    `${ROWS} rows, killed at about ${run.atKill} and run again: ${run.requests} requests in ${Math.round(run.seconds)} s`,
  );
  await report.check(`an import of ${ROWS} rows that is killed half way and run again loses nothing`, () => {
    ok(run.wasKilled);
    // A batch that was sent before the kill may have been carried out after it.
    const [created, existing] = [/(\d+) created/, /(\d+) already in the base/].map((words) =>
      Number(words.exec(run.second)?.[1]),
    );
    ok(created !== undefined && created > 0 && existing !== undefined && existing >= HALF_WAY, run.second);
    equal(created + existing, ROWS);
    deepEqual(new Set(run.names), new Set(Array.from({ length: ROWS }, (_, row) => `Customer ${row}`)));
  });
  await report.check('it creates nothing twice, nor does one more run', () => {
    equal(run.names.length, ROWS);
    match(run.third, /\b0 created/);
  });
  await report.check('it never asks Airtable more than five times in a second', () => {
    equal(run.refusals, 0);
  });
}

import { printableLine } from '../../lambdas/characters/visible-text';
import type { ConsoleOutput } from '../terminal/console-output';
import type { CheckResult } from './health-check';
import { type CheckReport, hasFailures } from './run-checks';

/** The number of a check's findings that the screen shows. */
const SHOWN = 10;

/** Prints one check, and its fix below. */
export function showReport({ check, outcome, skippedBecauseOf }: CheckReport, screen: ConsoleOutput): void {
  const text = `${check.title}: ${outcome.message}`;
  if (outcome.status === 'pass') screen.pass(text);
  else if (outcome.status === 'fail') showWrong(text, outcome, screen);
  else if (outcome.status === 'limited') screen.limited(text, `→ ${outcome.fix}`);
  else {
    screen.skip(text);
    if (skippedBecauseOf === null) screen.detail(`→ ${outcome.fix}`);
  }
}

type Wrong = Extract<CheckResult, { readonly status: 'fail' }>;

function showWrong(text: string, { fix, findings = [] }: Wrong, screen: ConsoleOutput): void {
  screen.fail(text, `→ ${fix}`);
  for (const { what, link } of findings.slice(0, SHOWN)) {
    screen.detail(`- ${printableLine(what)}${link === null ? '' : `  ${screen.dim(link)}`}`);
  }
  if (findings.length > SHOWN) {
    screen.detail(`… and ${findings.length - SHOWN} more: npm run doctor -- --json`);
  }
}

/** The summary line. */
export function summary(reports: readonly CheckReport[]): string {
  const count = (status: string) => reports.filter(({ outcome }) => outcome.status === status).length;
  const [passMessage, limited, wrong, unknown] = [
    count('pass'),
    count('limited'),
    count('fail'),
    count('skip'),
  ];
  const parts = [`${passMessage} right`, `${wrong} wrong`];
  if (limited > 0) parts.push(`${limited} with limits`);
  if (unknown > 0) parts.push(`${unknown} not looked at`);
  return parts.join(', ');
}

/** The report as JSON. */
export function asJson(reports: readonly CheckReport[]): string {
  const checks = reports.map(({ check: { id, title }, outcome, milliseconds }) => ({
    id,
    title,
    ...outcome,
    milliseconds,
  }));
  return JSON.stringify({ ok: !hasFailures(reports), checks }, null, 2);
}

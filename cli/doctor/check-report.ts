import { printableLine } from '../../lambdas/characters/visible-text';
import type { Screen } from '../terminal/console-output';
import type { CheckResult } from './health-check';
import { type CheckReport, isAnythingWrong } from './run-checks';

/** The number of a check's findings that the screen shows. */
const SHOWN = 10;

/** Prints one check, and its fix below. */
export function showExamined({ check, outcome, skippedBecauseOf }: CheckReport, screen: Screen): void {
  const text = `${check.title}: ${outcome.says}`;
  if (outcome.verdict === 'right') screen.right(text);
  else if (outcome.verdict === 'wrong') showWrong(text, outcome, screen);
  else if (outcome.verdict === 'limited') screen.limited(text, `→ ${outcome.remedy}`);
  else {
    screen.unknown(text);
    if (skippedBecauseOf === null) screen.detail(`→ ${outcome.remedy}`);
  }
}

type Wrong = Extract<CheckResult, { readonly verdict: 'wrong' }>;

function showWrong(text: string, { remedy, findings = [] }: Wrong, screen: Screen): void {
  screen.wrong(text, `→ ${remedy}`);
  for (const { what, link } of findings.slice(0, SHOWN)) {
    screen.detail(`- ${printableLine(what)}${link === null ? '' : `  ${screen.dim(link)}`}`);
  }
  if (findings.length > SHOWN) {
    screen.detail(`… and ${findings.length - SHOWN} more: npm run doctor -- --json`);
  }
}

/** The summary line. */
export function summary(examined: readonly CheckReport[]): string {
  const count = (verdict: string) => examined.filter(({ outcome }) => outcome.verdict === verdict).length;
  const [right, limited, wrong, unknown] = [
    count('right'),
    count('limited'),
    count('wrong'),
    count('unknown'),
  ];
  const parts = [`${right} right`, `${wrong} wrong`];
  if (limited > 0) parts.push(`${limited} with limits`);
  if (unknown > 0) parts.push(`${unknown} not looked at`);
  return parts.join(', ');
}

/** The report as JSON. */
export function asJson(examined: readonly CheckReport[]): string {
  const checks = examined.map(({ check: { id, title }, outcome, milliseconds }) => ({
    id,
    title,
    ...outcome,
    milliseconds,
  }));
  return JSON.stringify({ ok: !isAnythingWrong(examined), checks }, null, 2);
}

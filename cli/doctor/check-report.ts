import { printableLine } from '../../lambdas/characters/visible-text';
import type { ConsoleOutput } from '../terminal/console-output';
import { counted } from './data/wording';
import type { CheckResult } from './health-check';
import { type CheckReport, hasFailures } from './run-checks';

/** The number of a check's findings that the screen shows. */
const SHOWN = 10;

/** Prints each check when it ends, and its fix below. Checks behind a failed one are only counted. */
export class ReportPrinter {
  readonly #skipped = new Map<string, number>();

  constructor(private readonly screen: ConsoleOutput) {}

  print({ check, outcome, skippedBecauseOf }: CheckReport): void {
    if (skippedBecauseOf !== null) {
      const { title } = skippedBecauseOf;
      this.#skipped.set(title, (this.#skipped.get(title) ?? 0) + 1);
      return;
    }
    const text = `${check.title}: ${outcome.message}`;
    if (outcome.status === 'pass') this.screen.pass(text);
    else if (outcome.status === 'fail') showFailure(text, outcome, this.screen);
    else if (outcome.status === 'limited') this.screen.limited(text, `→ ${outcome.fix}`);
    else {
      this.screen.skip(text);
      this.screen.detail(`→ ${outcome.fix}`);
    }
  }

  /** Prints how many checks were skipped because of each failed one. */
  end(): void {
    for (const [title, count] of this.#skipped) {
      this.screen.skip(`${counted(count, 'check')} skipped (fix ${title} first)`);
    }
  }
}

type Failure = Extract<CheckResult, { readonly status: 'fail' }>;

function showFailure(text: string, { fix, findings = [] }: Failure, screen: ConsoleOutput): void {
  screen.fail(text, `→ ${fix}`);
  for (const { what, link } of findings.slice(0, SHOWN)) {
    screen.detail(`- ${printableLine(what)}${link === null ? '' : `  ${screen.dim(link)}`}`);
  }
  if (findings.length > SHOWN) {
    screen.detail(`… and ${findings.length - SHOWN} more: npx frontline doctor --json`);
  }
}

/** The summary line. */
export function summary(reports: readonly CheckReport[]): string {
  const count = (status: string) => reports.filter(({ outcome }) => outcome.status === status).length;
  const [passed, limited, failed, skipped] = [count('pass'), count('limited'), count('fail'), count('skip')];
  const parts = [`${passed} passed`, `${failed} failed`];
  if (limited > 0) parts.push(`${limited} with limits`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
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

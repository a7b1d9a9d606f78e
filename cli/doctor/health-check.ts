import type { Part, PlanPart } from '../plan/plan';
import type { DoctorContext } from './doctor-context';

/** One finding of a check; in data checks, the record's name and the URL of its page. */
export interface Finding {
  readonly what: string;
  readonly link: string | null;
}

export type CheckResult =
  | { readonly status: 'pass'; readonly message: string }
  | {
      readonly status: 'fail';
      /** The fault and its subject. */
      readonly message: string;
      /** How to fix it. */
      readonly fix: string;
      /** The places, if there are several. */
      readonly findings?: readonly Finding[];
    }
  /** It works with limits, which a team may accept. */
  | { readonly status: 'limited'; readonly message: string; readonly fix: string }
  | { readonly status: 'skip'; readonly message: string; readonly fix: string };

export function passed(message: string): CheckResult {
  return { status: 'pass', message };
}

export function failed(message: string, fix: string, findings?: readonly Finding[]): CheckResult {
  return { status: 'fail', message, fix, ...(findings && { findings }) };
}

/** One check, printed as one line. */
export interface HealthCheck {
  /** A stable name in kebab-case, for `--json`. */
  readonly id: string;
  /** The subject of the check, as printed: "Webhooks of the Conversations service". */
  readonly title: string;
  /** Ids of checks that must pass first: otherwise this one has nothing to check or would repeat their fault. */
  readonly dependsOn: readonly string[];
  /** A thrown error fails the check, with the error's message. */
  run(context: DoctorContext): Promise<CheckResult>;
}

/** Reports what setup would change in one part of a system, without changing it. */
export function checkOf<Context>(
  { id, title, dependsOn, plan }: Part<Context>,
  select: (context: DoctorContext) => Context,
): HealthCheck {
  return { id, title, dependsOn, run: async (context) => resultOf(await plan(select(context))) };
}

/**
 * A plan as a result: pending changes and manual steps are faults.
 * @param command the command that applies the changes
 */
export function resultOf(
  { upToDate = [], changes = [], manualSteps = [] }: PlanPart,
  command = 'npx frontline setup',
): CheckResult {
  const problems = [
    ...manualSteps,
    ...changes.map(({ problem, diff }) => ({
      what:
        problem ??
        diff
          .map(({ what, from, to }) => `${what} is ${from ?? 'blank'} instead of ${to ?? 'blank'}`)
          .join('; '),
      fix: command,
    })),
  ];
  const [first, ...others] = problems;
  if (first === undefined) return passed(upToDate.join('; '));
  const fix = [...new Set(problems.map((problem) => problem.fix))].join('; ');
  if (others.length === 0) return failed(first.what, fix);
  const findings = problems.map(({ what }) => ({ what, link: null }));
  return failed(`${problems.length} problems`, fix, findings);
}

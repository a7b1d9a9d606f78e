import { describe, expect, test } from '@jest/globals';
import { doctorContext } from '../../../cli/doctor/doctor-context';
import type { CheckResult, HealthCheck } from '../../../cli/doctor/health-check';
import {
  asJson,
  type CheckReport,
  hasFailures,
  ReportPrinter,
  runChecks as runIn,
  summary,
} from '../../../cli/doctor/run-checks';
import { ConfigurationError } from '../../../lambdas/errors';
import { aScreen } from '../terminal/scripted-screen';

const RIGHT: CheckResult = { status: 'pass', message: 'it is there' };
const WRONG: CheckResult = { status: 'fail', message: 'it is not there', fix: 'Put it there' };
const UNKNOWN: CheckResult = { status: 'skip', message: 'the token may not look', fix: 'Let it' };

function check(id: string, outcome: CheckResult, dependsOn: readonly string[] = []): HealthCheck {
  return { id, title: `The ${id}`, dependsOn, run: async () => outcome };
}

const runChecks = (
  checks: readonly HealthCheck[],
  onResult: (report: CheckReport) => void,
  signal?: AbortSignal,
) => runIn(checks, doctorContext({}, signal ? { signal } : {}), onResult);

async function statuses(checks: readonly HealthCheck[]): Promise<Record<string, string>> {
  const reports = await runChecks(checks, () => {});
  return Object.fromEntries(reports.map(({ check: { id }, outcome }) => [id, outcome.status]));
}

async function screenOf(checks: readonly HealthCheck[]): Promise<string> {
  const { screen, text } = aScreen();
  const printer = new ReportPrinter(screen);
  await runChecks(checks, (report) => printer.print(report));
  printer.end();
  return text();
}

describe('the doctor', () => {
  test('skips every check that depends on a failed one, also indirectly', async () => {
    const checks = [check('a', WRONG), check('b', RIGHT, ['a']), check('c', WRONG, ['b']), check('d', RIGHT)];

    expect(await statuses(checks)).toEqual({ a: 'fail', b: 'skip', c: 'skip', d: 'pass' });
  });

  test('counts skipped checks by the failed one that caused it, not by one in between', async () => {
    const text = await screenOf([check('a', WRONG), check('b', RIGHT, ['a']), check('c', RIGHT, ['b'])]);

    expect(text.split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^ {2}\S 2 checks skipped .*The a/),
      '',
    ]);
  });

  test('continues after a skipped check', async () => {
    expect(await statuses([check('a', UNKNOWN), check('b', RIGHT, ['a'])])).toEqual({
      a: 'skip',
      b: 'pass',
    });
  });

  test('fails a check that throws, with the error message', async () => {
    const failing: HealthCheck = {
      ...check('a', RIGHT),
      run: async () => {
        throw new ConfigurationError(['A_THING is missing']);
      },
    };

    const [reports] = await runChecks([failing], () => {});

    expect(reports?.outcome).toMatchObject({ status: 'fail', message: 'A_THING is missing' });
  });

  test('ends at the signal, and does not report an aborted check as failed', async () => {
    const interruption = new AbortController();
    const onResult: string[] = [];
    const interrupted: HealthCheck = {
      ...check('b', RIGHT),
      run: async () => {
        interruption.abort(new Error('Stopped'));
        throw new Error('broken off');
      },
    };
    const checks = [check('a', RIGHT), interrupted, check('c', RIGHT)];

    await expect(
      runChecks(checks, (one) => onResult.push(one.check.id), interruption.signal),
    ).rejects.toThrow('Stopped');
    expect(onResult).toEqual(['a']);
  });

  test('finds a fault if a check failed, and not if it was skipped', async () => {
    const one = async (outcome: CheckResult) => hasFailures(await runChecks([check('a', outcome)], () => {}));

    expect([await one(RIGHT), await one(UNKNOWN), await one(WRONG)]).toEqual([false, false, true]);
  });
});

describe('its output', () => {
  test('has a line per check, and the fix below a failed one', async () => {
    expect(await screenOf([check('a', RIGHT), check('b', WRONG), check('c', UNKNOWN)])).toBe(
      [
        '  ✓ The a: it is there',
        '  ✗ The b: it is not there',
        '      → Put it there',
        '  – The c: the token may not look',
        '      → Let it',
        '',
      ].join('\n'),
    );
  });

  test('names the first ten findings with their links, and counts the others', async () => {
    const findings = Array.from({ length: 12 }, (_, index) => ({
      what: `row ${index}`,
      link: `https://x/${index}`,
    }));
    const text = await screenOf([check('a', { ...WRONG, findings })]);

    expect(text).toContain('      - row 9  https://x/9\n      … and 2 more: npx frontline doctor --json\n');
    expect(text).not.toContain('row 10');
  });

  test('ends with a count', async () => {
    const reports = await runChecks(
      [check('a', RIGHT), check('b', WRONG), check('c', RIGHT, ['b'])],
      () => {},
    );

    expect(summary(reports)).toBe('1 passed, 1 failed, 1 skipped');
  });
});

describe('its JSON', () => {
  test('has every check with its status, fix and all findings', async () => {
    const findings = Array.from({ length: 12 }, (_, index) => ({ what: `row ${index}`, link: null }));
    const reports = await runChecks([check('a', RIGHT), check('b', { ...WRONG, findings })], () => {});

    const report = JSON.parse(asJson(reports));

    expect(report).toMatchObject({
      ok: false,
      checks: [
        { id: 'a', title: 'The a', status: 'pass', message: 'it is there' },
        { id: 'b', status: 'fail', fix: 'Put it there' },
      ],
    });
    expect(report.checks[1].findings).toHaveLength(12);
  });
});

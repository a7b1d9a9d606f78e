import { describe, expect, test } from '@jest/globals';
import { asJson, showExamined, summary } from '../../../cli/doctor/check-report';
import type { Check, CheckResult } from '../../../cli/doctor/health-check';
import { examine, isAnythingWrong } from '../../../cli/doctor/run-checks';
import { ConfigurationError } from '../../../lambdas/errors';
import { aScreen } from '../terminal/scripted-screen';

const RIGHT: CheckResult = { verdict: 'right', says: 'it is there' };
const WRONG: CheckResult = { verdict: 'wrong', says: 'it is not there', remedy: 'Put it there' };
const UNKNOWN: CheckResult = { verdict: 'unknown', says: 'the token may not look', remedy: 'Let it' };

function check(id: string, outcome: CheckResult, needs: readonly string[] = []): Check {
  return { id, title: `The ${id}`, needs, run: async () => outcome };
}

async function verdicts(checks: readonly Check[]): Promise<Record<string, string>> {
  const examined = await examine(checks, () => {});
  return Object.fromEntries(examined.map(({ check: { id }, outcome }) => [id, outcome.verdict]));
}

async function screenOf(checks: readonly Check[]): Promise<string> {
  const { screen, text } = aScreen();
  await examine(checks, (examined) => showExamined(examined, screen));
  return text();
}

describe('the doctor', () => {
  test('skips every check that depends on a failed one, also indirectly', async () => {
    const checks = [check('a', WRONG), check('b', RIGHT, ['a']), check('c', WRONG, ['b']), check('d', RIGHT)];

    expect(await verdicts(checks)).toEqual({ a: 'wrong', b: 'unknown', c: 'unknown', d: 'right' });
  });

  test('names the failed check that caused a skip, not one in between', async () => {
    const text = await screenOf([check('a', WRONG), check('b', RIGHT, ['a']), check('c', RIGHT, ['b'])]);

    expect(text.split('\n').at(-2)).toBe('  ? The c: not looked at while this is wrong: The a');
  });

  test('continues after a skipped check', async () => {
    expect(await verdicts([check('a', UNKNOWN), check('b', RIGHT, ['a'])])).toEqual({
      a: 'unknown',
      b: 'right',
    });
  });

  test('fails a check that throws, with the error message', async () => {
    const failing: Check = {
      ...check('a', RIGHT),
      run: async () => {
        throw new ConfigurationError(['A_THING is missing']);
      },
    };

    const [examined] = await examine([failing], () => {});

    expect(examined?.outcome).toMatchObject({ verdict: 'wrong', says: 'A_THING is missing' });
  });

  test('ends at the signal, and does not report an aborted check as failed', async () => {
    const interruption = new AbortController();
    const seen: string[] = [];
    const interrupted: Check = {
      ...check('b', RIGHT),
      run: async () => {
        interruption.abort(new Error('Stopped'));
        throw new Error('broken off');
      },
    };
    const checks = [check('a', RIGHT), interrupted, check('c', RIGHT)];

    await expect(examine(checks, (one) => seen.push(one.check.id), interruption.signal)).rejects.toThrow(
      'Stopped',
    );
    expect(seen).toEqual(['a']);
  });

  test('finds a fault if a check failed, and not if it was skipped', async () => {
    const one = async (outcome: CheckResult) =>
      isAnythingWrong(await examine([check('a', outcome)], () => {}));

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
        '  ? The c: the token may not look',
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

    expect(text).toContain('      - row 9  https://x/9\n      … and 2 more: npm run doctor -- --json\n');
    expect(text).not.toContain('row 10');
  });

  test('ends with a count', async () => {
    const examined = await examine(
      [check('a', RIGHT), check('b', WRONG), check('c', RIGHT, ['b'])],
      () => {},
    );

    expect(summary(examined)).toBe('1 right, 1 wrong, 1 not looked at');
  });
});

describe('its JSON', () => {
  test('has every check with its verdict, remedy and all findings', async () => {
    const findings = Array.from({ length: 12 }, (_, index) => ({ what: `row ${index}`, link: null }));
    const examined = await examine([check('a', RIGHT), check('b', { ...WRONG, findings })], () => {});

    const report = JSON.parse(asJson(examined));

    expect(report).toMatchObject({
      ok: false,
      checks: [
        { id: 'a', title: 'The a', verdict: 'right', says: 'it is there' },
        { id: 'b', verdict: 'wrong', remedy: 'Put it there' },
      ],
    });
    expect(report.checks[1].findings).toHaveLength(12);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { checkRules, MINIMAL, resources, synthesise, synthesiseInbox, WITH_INBOX } from './synthesis';

const Findings = v.array(
  v.object({
    ruleName: v.string(),
    violatingConstructs: v.array(v.object({ constructPath: v.string() })),
    reason: v.optional(v.string(), ''),
  }),
);
const Report = v.object({
  pluginReports: v.array(v.object({ violations: Findings, suppressedViolations: v.optional(Findings, []) })),
});

const CONFIGURATIONS = [
  ['with ALARM_EMAIL', { ...MINIMAL, ALARM_EMAIL: 'team@example.com' }],
  ['without it', MINIMAL],
  ['on an opt-out table of before', { ...MINIMAL, OPT_OUT_TABLE_NAME: 'FrontlineAirtable-OptOuts' }],
] as const;

describe.each(CONFIGURATIONS)(
  'of AWS’s rules for solutions, as cdk-nag knows them, the stack %s',
  (_, settings) => {
    const found = v.parse(Report, checkRules(settings)).pluginReports;

    test('breaks none', () => {
      expect(found.map(({ violations }) => violations)).toEqual([[]]);
    });

    test('suppresses few, each at its resource and with a reason', () => {
      const aside = found.flatMap(({ suppressedViolations }) => suppressedViolations);
      const places = (rule: string) =>
        aside
          .filter(({ ruleName }) => ruleName === rule)
          .flatMap(({ violatingConstructs }) =>
            violatingConstructs.map(({ constructPath }) => constructPath),
          );

      expect(new Set(aside.map(({ ruleName }) => ruleName))).toEqual(
        new Set(['AwsSolutions-APIG4', 'AwsSolutions-DDB3', 'AwsSolutions-SMG4']),
      );
      expect(places('AwsSolutions-SMG4')).toEqual(['FrontlineAirtable/Credentials/Secret']);
      expect(places('AwsSolutions-DDB3')).toEqual(['FrontlineAirtable/Tables/Replica/Resource']);
      expect(places('AwsSolutions-APIG4')).toHaveLength(6);
      for (const { reason } of aside) expect(reason.split(' ').length).toBeGreaterThan(20);
    });
  },
);

describe('of the same rules, the stack of the inbox', () => {
  const found = v.parse(Report, checkRules(WITH_INBOX)).pluginReports;
  const aside = found
    .flatMap(({ suppressedViolations }) => suppressedViolations)
    .filter(({ violatingConstructs }) =>
      violatingConstructs.some(({ constructPath }) => constructPath.startsWith('FrontlineAirtableInbox/')),
    );

  test('breaks none', () => {
    expect(found.map(({ violations }) => violations)).toEqual([[]]);
  });

  test('suppresses ten, with reasons', () => {
    const rules = aside.map(({ ruleName }) => ruleName.replace(/^AwsSolutions-(\w+).*$/, '$1'));

    expect([...new Set(rules)].sort()).toEqual(
      ['APIG1', 'APIG4', 'CFR1', 'CFR2', 'CFR3', 'CFR4', 'COG2', 'COG8', 'IAM5', 'S1'].sort(),
    );
    for (const { reason } of aside) expect(reason.split(' ').length).toBeGreaterThan(20);
  });

  test('has one kind of wildcard: the connections of its own live socket', () => {
    const wildcards = aside.flatMap(({ ruleName }) => /IAM5\[(.*)\]/.exec(ruleName)?.[1] ?? []);

    for (const wildcard of wildcards) {
      expect(wildcard).toMatch(/:execute-api:.*\/live\/(POST|DELETE)\/@connections\/\*$/);
    }
    const allowed = allowing(statements(synthesiseInbox())).map(({ Action, Resource }) =>
      JSON.stringify([Action, Resource]).replace(/\/@connections\/\*/g, ''),
    );
    // Files of the site's bucket, for its distribution.
    expect(allowed.filter((each) => /[*?]/.test(each))).toEqual([expect.stringContaining('"s3:GetObject"')]);
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource?: unknown;
}

/** Every statement of every policy in the template. */
function statements(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value && 'Action' in value)
    return [{ ...value, Effect: String(value.Effect), Action: value.Action }];
  return Object.values(value).flatMap(statements);
}

/** Those that allow something. A statement that refuses plain HTTP refuses every action. */
function allowing(all: readonly Statement[]): readonly Statement[] {
  return all.filter(({ Effect }) => Effect === 'Allow');
}

describe('every policy statement', () => {
  const template = synthesise({ ...MINIMAL, ALARM_EMAIL: 'team@example.com' });
  const all = statements(template);

  test('is checked: those of seven functions and of the schedule, with their roles, of the topic of alarms and of the two queues', () => {
    const roles = resources(template, 'AWS::IAM::Role');
    const policies = resources(template, 'AWS::IAM::Policy');

    expect(roles).toHaveLength(8);
    expect(policies).toHaveLength(8);
    expect(all).toHaveLength(roles.length + statements(policies).length + 4);
  });

  test.each(allowing(all).map((statement) => [JSON.stringify(statement.Action), statement] as const))(
    'names its actions and its resources, without a wildcard: %s',
    (_, { Action, Resource = 'its own role' }) => {
      expect(JSON.stringify([Action, Resource])).not.toMatch(/[*?]/);
    },
  );
});

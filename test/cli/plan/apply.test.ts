import { describe, expect, test } from '@jest/globals';
import { applyPlan } from '../../../cli/plan/apply';
import type { Change, Plan, Reconciler } from '../../../cli/plan/plan';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';

const UNINTERRUPTED = new AbortController().signal;

/** A step over a list of words; each missing word is a change. */
function listing(words: readonly string[], list: string[], more: Partial<Plan> = {}): Reconciler {
  return {
    name: 'The list',
    plan: async () => ({
      upToDate: words.filter((word) => list.includes(word)).map((word) => `There is ${word}`),
      changes: words
        .filter((word) => !list.includes(word))
        .map(
          (word): Change => ({
            summary: `Add ${word}`,
            diff: [{ what: 'list', from: null, to: word }],
            apply: async () => {
              if (word === 'impossible') throw new Error('The list is full');
              list.push(word);
            },
          }),
        ),
      manualSteps: [],
      ...more,
    }),
  };
}

describe('a step', () => {
  test('shows up-to-date settings, changes with old values, and manual steps', async () => {
    const { screen, text } = aScreen();
    const manualSteps = [{ what: 'Another list is in the way', fix: 'Move it' }];

    await applyPlan(listing(['a', 'b'], ['a'], { manualSteps }), screen, { kind: 'dry-run' }, UNINTERRUPTED);

    expect(text()).toBe(
      '\nThe list\n  ✓ There is a\n  → Add b\n      list: (none) → b\n  ✗ Another list is in the way\n      Move it\n',
    );
  });

  test('changes nothing in a dry run', async () => {
    const list: string[] = [];

    const { outcome } = await applyPlan(
      listing(['a'], list),
      aScreen().screen,
      { kind: 'dry-run' },
      UNINTERRUPTED,
    );

    expect([outcome, list]).toEqual(['previewed', []]);
  });

  test('with approval applies the changes in order, and reports them', async () => {
    const list: string[] = [];
    const { screen, text } = aScreen();

    const { outcome } = await applyPlan(listing(['a', 'b'], list), screen, { kind: 'given' }, UNINTERRUPTED);

    expect([outcome, list]).toEqual(['applied', ['a', 'b']]);
    expect(text()).toContain('  ✓ Add a\n  ✓ Add b\n');
  });

  test('without changes does not prompt', async () => {
    const prompts = scriptedPrompts([]);

    const { outcome } = await applyPlan(
      listing(['a'], ['a']),
      aScreen().screen,
      { kind: 'asked', prompts },
      UNINTERRUPTED,
    );

    expect([outcome, prompts.asked]).toEqual(['up to date', []]);
  });

  test.each([
    [true, 'applied', ['a', 'b']],
    [false, 'declined', []],
  ])('prompts once for all its changes; after %s it is %s', async (answer, expected, after) => {
    const list: string[] = [];
    const prompts = scriptedPrompts([answer]);

    const { outcome } = await applyPlan(
      listing(['a', 'b'], list),
      aScreen().screen,
      { kind: 'asked', prompts },
      UNINTERRUPTED,
    );

    expect([outcome, list, prompts.asked]).toEqual([expected, after, ['Apply 2 changes?']]);
  });

  test('that fails midway names the change and the reason, and keeps completed changes', async () => {
    const list: string[] = [];

    const outcome = applyPlan(
      listing(['a', 'impossible', 'b'], list),
      aScreen().screen,
      { kind: 'given' },
      UNINTERRUPTED,
    );

    await expect(outcome).rejects.toThrow('Add impossible. The list is full');
    expect(list).toEqual(['a']);
  });

  test('goes on after a change that the others do without, and reports it as left', async () => {
    const list: string[] = [];
    const step = listing(['a', 'impossible', 'b'], list);
    const plan = async () => {
      const { changes, ...others } = await step.plan();
      return { ...others, changes: changes.map((change) => ({ ...change, fixIfItFails: 'Use another' })) };
    };
    const { screen, text } = aScreen();

    const result = await applyPlan({ ...step, plan }, screen, { kind: 'given' }, UNINTERRUPTED);

    const what = expect.stringContaining('Add impossible. The list is full');
    expect(result).toEqual({ outcome: 'applied', isComplete: false, left: [{ what, fix: 'Use another' }] });
    expect(list).toEqual(['a', 'b']);
    expect(text()).toMatch(/ {2}! .*Add impossible.*\n {6}Use another\n {2}✓ Add b\n/);
  });

  test('that is interrupted starts no further change', async () => {
    const list: string[] = [];
    const interruption = new AbortController();
    const step = listing(['a', 'b'], list);
    const interrupting: Reconciler = {
      ...step,
      plan: async () => {
        const plan = await step.plan();
        const [first, ...others] = plan.changes;
        if (first === undefined) return plan;
        const apply = async (onProgress: (progress: string) => void) => {
          await first.apply(onProgress);
          interruption.abort(new Error('Ctrl-C'));
        };
        return { ...plan, changes: [{ ...first, apply }, ...others] };
      },
    };

    const outcome = applyPlan(interrupting, aScreen().screen, { kind: 'given' }, interruption.signal);

    await expect(outcome).rejects.toThrow('Ctrl-C');
    expect(list).toEqual(['a']);
  });

  test.each(['plan', 'apply'])(
    'that is interrupted during a long %s does not wait for its end',
    async (where) => {
      const interruption = new AbortController();
      const forever = () =>
        new Promise<never>(() => setImmediate(() => interruption.abort(new Error('Ctrl-C'))));
      const step: Reconciler = {
        name: 'Endless',
        plan: where === 'plan' ? forever : async () => ({ upToDate: [], changes: [change], manualSteps: [] }),
      };
      const change: Change = { summary: 'Wait', diff: [], apply: forever };

      const outcome = applyPlan(step, aScreen().screen, { kind: 'given' }, interruption.signal);

      await expect(outcome).rejects.toThrow(/^Ctrl-C$/);
    },
  );
});

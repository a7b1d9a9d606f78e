import { describe, expect, test } from '@jest/globals';
import { type Approval, applyPlan } from '../../../cli/plan/apply';
import type { Change, Plan, Reconciler } from '../../../cli/plan/plan';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';

/** Applies the step on a screen of its own. */
function run(step: Reconciler, approval: Approval, { signal } = new AbortController()) {
  const { screen, text } = aScreen();
  return { result: applyPlan(step, screen, approval, signal), text };
}

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
    const manualSteps = [{ what: 'Another list is in the way', fix: 'Move it' }];

    const { result, text } = run(listing(['a', 'b'], ['a'], { manualSteps }), { kind: 'dry-run' });

    await result;
    expect(text()).toBe(
      '\nThe list\n  ✓ There is a\n  → Add b\n      list: (none) → b\n  ✗ Another list is in the way\n      Move it\n',
    );
  });

  test('changes nothing in a dry run', async () => {
    const list: string[] = [];

    const { outcome } = await run(listing(['a'], list), { kind: 'dry-run' }).result;

    expect([outcome, list]).toEqual(['previewed', []]);
  });

  test('with approval applies the changes in order, and reports them', async () => {
    const list: string[] = [];

    const { result, text } = run(listing(['a', 'b'], list), { kind: 'given' });

    expect([(await result).outcome, list]).toEqual(['applied', ['a', 'b']]);
    expect(text()).toContain('  ✓ Add a\n  ✓ Add b\n');
  });

  test('without changes does not prompt', async () => {
    const prompts = scriptedPrompts([]);

    const { outcome } = await run(listing(['a'], ['a']), { kind: 'asked', prompts }).result;

    expect([outcome, prompts.asked]).toEqual(['up to date', []]);
  });

  test.each([
    [true, 'applied', ['a', 'b']],
    [false, 'declined', []],
  ])('prompts once for all its changes; after %s it is %s', async (answer, expected, after) => {
    const list: string[] = [];
    const prompts = scriptedPrompts([answer]);

    const { outcome } = await run(listing(['a', 'b'], list), { kind: 'asked', prompts }).result;

    expect([outcome, list, prompts.asked]).toEqual([expected, after, ['Apply 2 changes?']]);
  });

  test('that fails midway names the change and the reason, and keeps completed changes', async () => {
    const list: string[] = [];

    const { result } = run(listing(['a', 'impossible', 'b'], list), { kind: 'given' });

    await expect(result).rejects.toThrow('Add impossible. The list is full');
    expect(list).toEqual(['a']);
  });

  test('goes on after a change that the others do without, and reports it as left', async () => {
    const list: string[] = [];
    const step = listing(['a', 'impossible', 'b'], list);
    const plan = async () => {
      const { changes, ...others } = await step.plan();
      return { ...others, changes: changes.map((change) => ({ ...change, fixIfItFails: 'Use another' })) };
    };

    const { result, text } = run({ ...step, plan }, { kind: 'given' });

    const what = expect.stringContaining('Add impossible. The list is full');
    expect(await result).toEqual({
      outcome: 'applied',
      isComplete: false,
      left: [{ what, fix: 'Use another' }],
    });
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

    const { result } = run(interrupting, { kind: 'given' }, interruption);

    await expect(result).rejects.toThrow('Ctrl-C');
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

      const { result } = run(step, { kind: 'given' }, interruption);

      await expect(result).rejects.toThrow(/^Ctrl-C$/);
    },
  );
});

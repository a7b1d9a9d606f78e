import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseWorkers, limitLookups } from '../../../lambdas/conversation/assign-worker';
import type { Availability } from '../../../lambdas/twilio/frontline-users';

const AVAILABILITIES: readonly Availability[] = ['available', 'unknown', 'unavailable', 'deactivated'];

const identity = fc.string({ minLength: 1, maxLength: 6 });
const someTeam = fc.record({
  conversationSid: fc.stringMatching(/^CH[0-9a-f]{32}$/),
  owner: fc.option(identity),
  fallbackWorkers: fc.array(identity, { maxLength: 9 }),
});
/** Returns a fixed, arbitrary availability for every identity. */
const someState = fc.func(fc.constantFrom(...AVAILABILITIES));

function choose(
  {
    owner = null,
    fallbackWorkers = [],
    conversationSid = 'CH1',
  }: Partial<Parameters<typeof chooseWorkers>[0]>,
  stateOf: (identity: string) => Availability = () => 'unknown',
) {
  const asked: string[] = [];
  const workers = chooseWorkers({ conversationSid, owner, fallbackWorkers }, async (one) => {
    asked.push(one);
    return stateOf(one);
  });
  return workers.then((chosen) => ({ chosen, asked }));
}

describe('chooseWorkers', () => {
  test('returns all candidates, each once', async () => {
    await fc.assert(
      fc.asyncProperty(someTeam, someState, async (team, stateOf) => {
        const { chosen } = await choose(team, stateOf);

        const everyone = new Set([...team.fallbackWorkers, ...(team.owner === null ? [] : [team.owner])]);
        expect(chosen).toHaveLength(everyone.size);
        expect(new Set(chosen)).toEqual(everyone);
      }),
    );
  });

  test('returns the same order for a conversation on every call', async () => {
    await fc.assert(
      fc.asyncProperty(someTeam, someState, async (team, stateOf) => {
        expect(await choose(team, stateOf)).toEqual(await choose(team, stateOf));
      }),
    );
  });

  test('orders fallback workers from the available to the deactivated', async () => {
    await fc.assert(
      fc.asyncProperty(someTeam, someState, async (team, stateOf) => {
        const { chosen } = await choose({ ...team, owner: null }, stateOf);

        // A single one is not looked up; several are ordered by availability.
        const ranks = chosen.length > 1 ? chosen.map((one) => AVAILABILITIES.indexOf(stateOf(one))) : [];
        expect(ranks).toEqual([...ranks].sort());
      }),
    );
  });

  test('puts only replacing fallback workers before the owner', async () => {
    await fc.assert(
      fc.asyncProperty(someTeam, identity, someState, async (team, owner, stateOf) => {
        const { chosen } = await choose({ ...team, owner }, stateOf);

        const before = chosen.slice(0, chosen.indexOf(owner));
        const ownerIs = stateOf(owner);
        if (ownerIs === 'available' || ownerIs === 'unknown') expect(before).toEqual([]);
        if (ownerIs === 'unavailable')
          expect(before.filter((one) => stateOf(one) !== 'available')).toEqual([]);
        if (ownerIs === 'deactivated') expect(before).toHaveLength(chosen.length - 1);
      }),
    );
  });

  test('spreads conversations evenly over fallback workers of unknown availability', async () => {
    const fallbackWorkers = ['a', 'b', 'c', 'd'];
    const turns = new Map<string | undefined, number>();
    for (let number = 0; number < 1_000; number += 1) {
      const { chosen } = await choose({ fallbackWorkers, conversationSid: `CH${number}` });
      turns.set(chosen[0], (turns.get(chosen[0]) ?? 0) + 1);
    }

    expect([...turns.keys()].sort()).toEqual(fallbackWorkers);
    // 250 each, give or take four standard deviations.
    for (const count of turns.values()) expect(Math.abs(count - 250)).toBeLessThan(55);
  });

  test.each<[what: string, owner: string | null, fallbackWorkers: string[]]>([
    ['no one', null, []],
    ['one fallback worker', null, ['a']],
    ['an owner alone', 'o', []],
    ['an owner who is the only fallback worker', 'o', ['o', 'o']],
  ])('looks up no worker if there is %s to choose from', async (_what, owner, fallbackWorkers) => {
    expect((await choose({ owner, fallbackWorkers })).asked).toEqual([]);
  });

  test('looks up no other worker if the owner is available', async () => {
    const { asked } = await choose({ owner: 'o', fallbackWorkers: ['a', 'b'] }, () => 'available');

    expect(asked).toEqual(['o']);
  });

  test('looks up all workers of a large team, and returns them all', async () => {
    const fallbackWorkers = Array.from({ length: 80 }, (_, number) => `worker ${number}`);

    const { chosen, asked } = await choose({ fallbackWorkers }, () => 'available');

    expect(asked).toHaveLength(80);
    expect([...chosen].sort()).toEqual([...fallbackWorkers].sort());
  });
});

test('limited lookups ask for the first workers only, and the others are unknown', async () => {
  const asked: string[] = [];
  const ask = limitLookups(2, async (identity) => {
    asked.push(identity);
    return 'available';
  });

  expect(await Promise.all(['a', 'b', 'c', 'd'].map(ask))).toEqual([
    'available',
    'available',
    'unknown',
    'unknown',
  ]);
  expect(asked).toEqual(['a', 'b']);
});

import { describe, expect, test } from '@jest/globals';
import type { Template } from '../../../lambdas/customers/customer-repository';
import { itemsOf, killAtWrite, useReplica } from './replica-fixture';

const replica = useReplica();

function templates(length: number, text: string): Template[] {
  return Array.from({ length }, (_, index) => ({
    category: index % 2 === 0 ? null : 'Hello',
    text: `${text} ${index}`,
    whatsAppApproved: index % 3 === 0,
    contentSid: index % 5 === 0 ? `HX${String(index).padStart(32, '0')}` : null,
  }));
}

const list = () => replica.base.repository().listTemplates();
const replace = (some: readonly Template[], readAt: number) =>
  replica.base.store().replaceTemplates(some, readAt);

describe('templates', () => {
  test('are empty at first', async () => {
    expect(await list()).toEqual([]);
  });

  test('come in the order of the table, in any number', async () => {
    await replace(templates(130, 'Hi'), 1);
    expect(await list()).toEqual(templates(130, 'Hi'));
    await replace(templates(3, 'Bye'), 2);
    expect(await list()).toEqual(templates(3, 'Bye'));
    await replace([], 3);
    expect(await list()).toEqual([]);
    expect(await itemsOf(replica.base)).toHaveLength(1);
  });

  test('read earlier change nothing', async () => {
    await replace(templates(2, 'New'), 2);
    await replace(templates(5, 'Old'), 1);
    await replace(templates(5, 'Same time'), 2);
    expect(await list()).toEqual(templates(2, 'New'));
    expect(await itemsOf(replica.base)).toHaveLength(3);
  });

  test('that did not change are not written again, and block earlier reads', async () => {
    await replace(templates(30, 'Hi'), 1);
    const before = await itemsOf(replica.base);
    await replace(templates(30, 'Hi'), 3);
    await replace(templates(30, 'Old'), 2);
    expect(await list()).toEqual(templates(30, 'Hi'));
    expect((await itemsOf(replica.base)).map(({ sk }) => sk)).toEqual(before.map(({ sk }) => sk));
  });

  test.each(['before', 'after'] as const)(
    'are either all old or all new, killed %s any write',
    async (when) => {
      const [old, next] = [templates(60, 'Old'), templates(40, 'New')];
      for (let number = 1; ; number += 1) {
        await replica.begin();
        await replace(old, 1);
        const client = replica.dynamo.connect();
        const wasKilled = killAtWrite(client, number, when);
        await replica.base
          .store(client)
          .replaceTemplates(next, 2)
          .catch(() => {});
        expect([old, next]).toContainEqual(await list());
        if (!wasKilled()) break;
        await replace(next, 3);
        expect(await list()).toEqual(next);
        const last = templates(2, 'Last');
        await replace(last, 4);
        expect(await list()).toEqual(last);
        expect(await itemsOf(replica.base)).toHaveLength(3);
      }
    },
  );

  test('are never partly visible to a reader while they are replaced', async () => {
    const states = Array.from({ length: 6 }, (_, index) => templates(30 + index, `State ${index}`));
    await replace(states[0] ?? [], 1);
    let isDone = false;
    const write = async () => {
      for (const [index, state] of states.entries()) await replace(state, index + 1);
      isDone = true;
    };
    const read = async () => {
      while (!isDone) expect(states).toContainEqual(await list());
    };
    await Promise.all([write(), read(), read()]);
  });

  test('of two concurrent runs end as the later reading', async () => {
    const [old, next] = [templates(30, 'Old'), templates(40, 'New')];
    await Promise.all([replace(next, 2), replace(old, 1)].map((each) => each.catch(() => {})));
    await replace(next, 3);
    expect(await list()).toEqual(next);
  });

  test('may be of any length', async () => {
    await replace(
      [
        {
          category: 'é'.repeat(90_000),
          text: '漢'.repeat(100_000),
          whatsAppApproved: true,
          contentSid: null,
        },
      ],
      1,
    );
    const [template] = await list();
    expect(template?.text.length).toBeGreaterThan(1_600);
  });
});

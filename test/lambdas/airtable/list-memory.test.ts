import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ListMemory } from '../../../lambdas/airtable/list-memory';
import { type Clock, stopClock } from '../../world/clock';

const MINUTE = 60_000;

let clock: Clock;
beforeEach(() => {
  clock = stopClock();
});
afterEach(() => clock.release());

test('what was last seen at a place is recalled there, and nowhere else', () => {
  const memory = new ListMemory<string>();
  memory.keep(['ana', null, '7'], 'first');
  memory.keep(['ana', null, '7'], 'second');

  expect(memory.recall(['ana', null, '7'])).toBe('second');
  expect(memory.recall(['ana', 'null', '7'])).toBeNull();
  expect(memory.recall(['ana', null, '8'])).toBeNull();
  expect(memory.recall(['ana,null,7'])).toBeNull();
});

test('a place is forgotten before Airtable forgets its list', () => {
  const memory = new ListMemory<string>();
  memory.keep(['ana'], 'here');

  clock.advance(2 * MINUTE);
  expect(memory.recall(['ana'])).toBe('here');
  clock.advance(2 * MINUTE);
  expect(memory.recall(['ana'])).toBeNull();
});

test('the places that were kept longest ago are forgotten when there are many', () => {
  const memory = new ListMemory<number>();
  for (let place = 0; place < 500; place++) memory.keep([String(place)], place);
  memory.keep(['0'], 1_000);
  memory.keep(['new'], 1_001);

  expect(memory.recall(['0'])).toBe(1_000);
  expect(memory.recall(['1'])).toBeNull();
  expect(memory.recall(['2'])).toBe(2);
  expect(memory.recall(['new'])).toBe(1_001);
});

import { describe, expect, test } from '@jest/globals';
import type { Outgoing } from '../../inbox/logic/outbox';
import { OutboxStorage } from '../../inbox/state/outbox-storage';
import { workerKeys } from '../../inbox/state/worker-keys';
import { MemoryStorage } from './helpers/memory-storage';

const outgoing = (sendId: string, text = 'Hi'): Outgoing => ({
  sendId,
  chatSid: 'CH1',
  content: { kind: 'text', text },
  text,
  createdAt: 1,
  state: 'waiting',
  reason: null,
  code: null,
  error: null,
});
const ids = (entries: readonly Outgoing[]) => entries.map(({ sendId }) => sendId).sort();

describe('messages on their way, in the browser', () => {
  test('two tabs that write at the same moment lose nothing of each other', () => {
    const shared = new MemoryStorage();
    const [one, other] = [new OutboxStorage(shared, 'o/'), new OutboxStorage(shared, 'o/')];
    // Both have read the same; then each writes without having heard of the other.
    expect([...one.readAll(), ...other.readAll()]).toEqual([]);
    one.put(outgoing('a'));
    other.put(outgoing('b'));
    one.put(outgoing('c'));
    other.remove('none');
    expect(ids(new OutboxStorage(shared, 'o/').readAll())).toEqual(['a', 'b', 'c']);
    other.remove('a');
    expect(ids(one.readAll())).toEqual(['b', 'c']);
  });

  test('what another tab took out is known before its event arrives', () => {
    const shared = new MemoryStorage();
    const [one, other] = [new OutboxStorage(shared, 'o/'), new OutboxStorage(shared, 'o/')];
    one.put(outgoing('a'));
    expect(ids(other.readAll())).toEqual(['a']);
    one.remove('a');
    expect(other.isRemoved('a')).toBe(true);
  });

  test('a full storage takes nothing away from this tab', () => {
    const full = new MemoryStorage();
    full.isFull = true;
    const tab = new OutboxStorage(full, 'o/');
    tab.put(outgoing('a'));
    expect(tab.isRemoved('a')).toBe(false);
  });

  test('leaves out what cannot be read, and entries under another id', () => {
    const shared = new MemoryStorage();
    const tab = new OutboxStorage(shared, 'o/');
    tab.put(outgoing('a'));
    shared.setItem('o/b', '{');
    shared.setItem('o/c', JSON.stringify(outgoing('a')));
    shared.setItem('settings', '{}');
    expect(ids(tab.readAll())).toEqual(['a']);
    expect(tab.sendIdOf('settings')).toBeNull();
  });

  test.each([
    ['ana@example.com', 'ana@example.com.au'],
    ['ana@example.com', 'ana@example.com/'],
    ['ana', 'ana/x'],
  ])('%s sees nothing of %s', (one, other) => {
    const shared = new MemoryStorage();
    new OutboxStorage(shared, workerKeys(other).outbox).put(outgoing('a'));
    expect(new OutboxStorage(shared, workerKeys(one).outbox).readAll()).toEqual([]);
    expect(workerKeys(other).draft.startsWith(workerKeys(one).draft)).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { eventsIn } from '../../../cli/logs/local-log';

const CHANGED_AT = Date.parse('2026-11-23T12:00:00Z');
const REQUEST = '0f0f0f0f-0000-4000-8000-000000000000';

function answered(timestamp: string): string {
  return JSON.stringify({ callback: 'crm', status: 200, milliseconds: 1, timestamp });
}

describe('the log of npm start', () => {
  test('has one event per line, at the time in the line', () => {
    const text = `${answered('2026-11-23T10:00:00.500Z')}\n${answered('2026-11-23T11:00:00Z')}\n`;

    expect(eventsIn(text, CHANGED_AT).map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-11-23T10:00:00.500Z',
      '2026-11-23T11:00:00.000Z',
    ]);
  });

  test('has a line without a time at the time of the next line, or of the last change', () => {
    const text = `warning\n${answered('2026-11-23T10:00:00Z')}\ncrash\n`;

    expect(eventsIn(text, CHANGED_AT).map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-11-23T10:00:00.000Z',
      '2026-11-23T10:00:00.000Z',
      '2026-11-23T12:00:00.000Z',
    ]);
  });

  test('has a stack trace in one event, with the callback that the gateway names', () => {
    const text = `${REQUEST} crm failed: Error: x\n    at y\n    at z\n${REQUEST} routing timed out after 9000 ms\n`;

    expect(eventsIn(text, CHANGED_AT)).toMatchObject([
      { callback: 'crm', text: `${REQUEST} crm failed: Error: x\n    at y\n    at z` },
      { callback: 'routing', text: `${REQUEST} routing timed out after 9000 ms` },
    ]);
  });

  test('has no event for a partly written line', () => {
    expect(eventsIn('whole\n{"callba', CHANGED_AT)).toMatchObject([{ text: 'whole' }]);
  });

  test('distinguishes two equal lines, and recognizes each again when more is written', () => {
    const [first, second] = eventsIn('same\nsame\n', CHANGED_AT);
    const again = eventsIn('same\nsame\nmore\n', CHANGED_AT + 1);

    expect(first?.id).not.toBe(second?.id);
    expect(again.slice(0, 2).map(({ id }) => id)).toEqual([first?.id, second?.id]);
  });

  test('is empty if the file is', () => {
    expect(eventsIn('', CHANGED_AT)).toEqual([]);
  });
});

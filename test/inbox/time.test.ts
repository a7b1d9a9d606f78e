import { describe, expect, test } from '@jest/globals';
import { clock, dayHeading, dayOf, fileSize, rowTime, span } from '../../inbox/logic/time';

const London = { locale: 'en-GB', zone: 'Europe/London' };
const now = Date.parse('2026-11-25T15:00:00Z');
const at = (moment: string) => Date.parse(moment);

describe('times in words', () => {
  test('a row shows the hour today, the weekday within a week, else the date', () => {
    expect(rowTime(at('2026-11-25T09:05:00Z'), now, London)).toBe('9:05');
    expect(rowTime(at('2026-11-24T23:59:00Z'), now, London)).toBe('Tue');
    expect(rowTime(at('2026-11-19T10:00:00Z'), now, London)).toBe('Thu');
    expect(rowTime(at('2026-11-18T10:00:00Z'), now, London)).toBe('18 Nov');
    expect(rowTime(at('2025-12-31T10:00:00Z'), now, London)).toBe('31/12/2025');
  });

  test('a moment of a device whose clock is behind is still shown', () => {
    expect(rowTime(now + 60_000, now, London)).toBe('15:01');
  });

  test('days are named in the worker’s zone', () => {
    const lateEvening = at('2026-11-24T23:30:00Z');
    expect(dayHeading(lateEvening, now, London)).toBe('Yesterday');
    expect(dayHeading(lateEvening, now, { locale: 'en-GB', zone: 'Asia/Kolkata' })).toBe('Today');
    expect(dayOf(lateEvening, { zone: 'Asia/Kolkata' })).toBe('2026-11-25');
  });

  test('an older day has its weekday, one of another year its year', () => {
    expect(dayHeading(at('2026-11-02T10:00:00Z'), now, London)).toBe('Monday 2 November');
    expect(dayHeading(at('2025-11-02T10:00:00Z'), now, London)).toContain('2025');
  });

  test('the language decides on words and hours', () => {
    expect(dayHeading(now, now, { locale: 'de-DE', zone: 'Europe/Berlin' })).toBe('Heute');
    expect(clock(now, { locale: 'en-US', zone: 'America/New_York' })).toMatch(/^10:00\sAM$/u);
  });

  test('spans and sizes take the largest useful unit', () => {
    expect(span(3_600_000 * 5.5, London)).toBe('5 hours');
    expect(span(42 * 60_000, London)).toBe('42 minutes');
    expect(span(500, London)).toBe('1 second');
    expect(span(-1, London)).toBe('0 seconds');
    expect(fileSize(1_842_056, London)).toBe('1.8 MB');
    expect(fileSize(42_056, London)).toBe('42 kB');
  });
});

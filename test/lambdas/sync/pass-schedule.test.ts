import { describe, expect, test } from '@jest/globals';
import type { SyncState } from '../../../lambdas/replica/replica-store';
import { nextRunDue, passInterval, planRun, type Situation } from '../../../lambdas/sync/pass-schedule';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const URL = 'https://service.example/airtable/webhook';

const UP_TO_DATE: SyncState = {
  lastPass: { startedAt: NOON - HOUR, finishedAt: NOON - HOUR, customers: 4_000, mappingVersion: '1-US' },
  passProgress: null,
  cursor: 7,
  drainedAt: NOON - 5 * MINUTE,
  drainedForPingAt: null,
  ownerColumn: 'text',
  schemaIds: null,
  webhookProblem: null,
  lastFailure: null,
};

function situation(state: Partial<SyncState> = {}, more: Partial<Situation> = {}): Situation {
  return {
    state: { ...UP_TO_DATE, ...state },
    webhook: { id: 'ach1', macSecretBase64: 'c2VjcmV0', notificationUrl: URL },
    settings: { webhookUrl: URL },
    mappingVersion: '1-US',
    now: NOON,
    ...more,
  };
}

function lastPassAt(startedAt: number) {
  return { lastPass: { startedAt, finishedAt: startedAt, customers: 4_000, mappingVersion: '1-US' } };
}

describe('a run by schedule', () => {
  test('drains where no pass is due', () => {
    expect(planRun('schedule', situation())).toEqual({ kind: 'drain', webhookId: 'ach1', cursor: 7 });
  });

  test.each<[string, Situation]>([
    ['first', situation({ lastPass: null })],
    ['mapping-changed', situation({}, { mappingVersion: '1-FR' })],
    ['nightly', situation(lastPassAt(NOON - 9 * HOUR - MINUTE))],
    ['webhook-gone', situation({}, { webhook: null })],
    ['webhook-moved', situation({}, { settings: { webhookUrl: null } })],
    ['cursor-unknown', situation({ cursor: null })],
    ['cursor-too-old', situation({ drainedAt: NOON - 6 * DAY - 1 })],
    ['no-webhook', situation({ webhookProblem: 'no scope', cursor: null }, { webhook: null })],
  ])('makes a full pass: %s', (reason, given) => {
    expect(planRun('schedule', given)).toEqual({ kind: 'pass', reason });
  });

  test('makes the nightly pass at 03:00 UTC and not again that day', () => {
    const night = Date.parse('2026-03-02T03:00:00.000Z');
    const before = situation(lastPassAt(night - 20 * HOUR), { now: night - 1 });
    expect(planRun('schedule', before).kind).toBe('drain');
    expect(planRun('schedule', { ...before, now: night }).kind).toBe('pass');
    expect(planRun('schedule', situation(lastPassAt(night), { now: night + 23 * HOUR })).kind).toBe('drain');
  });

  test('without a webhook makes a pass only when one is due', () => {
    const none = { webhookProblem: 'no scope', cursor: null, drainedAt: null };
    const at = (now: number) => planRun('schedule', situation(none, { webhook: null, now }));
    expect(at(NOON - 1)).toEqual({ kind: 'nothing' });
    expect(at(NOON)).toEqual({ kind: 'pass', reason: 'no-webhook' });
  });
});

describe('a run for changes', () => {
  test('drains and makes no pass that is due, because one that fails would be repeated with each ping', () => {
    const due = situation({}, { mappingVersion: '1-FR' });
    expect(planRun('changes', due).kind).toBe('drain');
  });

  test('does nothing more where there is no cursor', () => {
    expect(planRun('changes', situation({ cursor: null }))).toEqual({ kind: 'nothing' });
    expect(planRun('changes', situation({}, { webhook: null }))).toEqual({ kind: 'nothing' });
    expect(planRun('changes', situation({ drainedAt: NOON - 7 * DAY }))).toEqual({ kind: 'nothing' });
  });
});

test('a run for a pass makes one in any state', () => {
  expect(planRun('pass', situation())).toEqual({ kind: 'pass', reason: 'asked-for' });
});

test.each([
  [0, 1],
  [1_000, 1],
  [4_000, 1],
  [5_000, 2],
  [50_000, 11],
])('without a webhook %i customers are read every %i hours', (customers, hours) => {
  expect(passInterval(customers)).toBe(hours * HOUR);
  const pages = Math.max(1, Math.ceil(customers / 100));
  expect((pages * 720) / hours).toBeLessThanOrEqual(33_000);
});

test('the next run is due by the schedule where a webhook reports changes, otherwise with the next pass', () => {
  const settings = { scheduleMilliseconds: 5 * MINUTE };
  expect(nextRunDue({ state: UP_TO_DATE, settings })).toBe(NOON);
  expect(nextRunDue({ state: { ...UP_TO_DATE, cursor: null }, settings })).toBe(NOON);
  expect(nextRunDue({ state: { ...UP_TO_DATE, lastPass: null }, settings })).toBeNull();
});

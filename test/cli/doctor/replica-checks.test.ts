import { describe, expect, test } from '@jest/globals';
import { openAirtable } from '../../../cli/airtable/rate-limited-base';
import type { CheckResult } from '../../../cli/doctor/health-check';
import { judge, REPLICA_CHECKS } from '../../../cli/doctor/replica-checks';
import { REPLICA_DATA_CHECKS, ROLLBACK_CHECKS } from '../../../cli/doctor/replica-data-checks';
import type { AirtableEmulator, TableData } from '../../../emulators/airtable/airtable-emulator';
import { customersTable, type Row, templatesTable } from '../../../emulators/airtable/base-data';
import { AirtableWebhooks } from '../../../lambdas/airtable/airtable-webhooks';
import { mappingVersionFor } from '../../../lambdas/airtable/customer-record';
import type { SyncState, WebhookRegistration } from '../../../lambdas/replica/replica-store';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { accessTo, FAST, settingsFor } from '../airtable/team';
import { anEvent, useService } from '../opt-outs/service';
import { examineOne } from './examine';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-25T12:00:00.000Z');
const WEBHOOK_URL = 'https://ours.example.com/airtable/webhook';
const SCOPES = ['data.records:read', 'data.records:write', 'schema.bases:read', 'webhook:manage'];

const ANN = { recordId: 'recAnn00000000000', name: 'Ann Lee', sms: '+14155550101' };

const service = useService();

/** The state that sync keeps in the replica. */
async function leave(state: Partial<SyncState>, webhook?: WebhookRegistration): Promise<void> {
  const lease = await service.replica.acquireLease(NOW);
  if (lease === null) throw new Error('Another run holds the lease');
  await service.replica.updateState(lease, state);
  if (webhook !== undefined) await service.replica.writeWebhook(lease, webhook);
  await lease.release();
}

const passAt = (finishedAt: number, customers = 1) => ({
  startedAt: finishedAt - 1_000,
  finishedAt,
  customers,
  mappingVersion: mappingVersionFor('US'),
});

interface Look {
  readonly settings?: Record<string, string>;
  readonly templates?: number;
  readonly now?: number;
}

const CHECKS = [...REPLICA_CHECKS, ...REPLICA_DATA_CHECKS, ...ROLLBACK_CHECKS];

async function run(id: string, emulator?: AirtableEmulator, look: Look = {}): Promise<CheckResult> {
  const base = emulator ?? (await aTeam());
  const { settings = {}, templates = 0, now = NOW } = look;
  const template = { category: null, text: 'Hello', whatsAppApproved: false, contentSid: null };
  const listTemplates = async () => Array.from({ length: templates }, () => template);
  return examineOne(CHECKS, id, {
    settings: () => settingsFor(base, settings),
    stores: async () => service,
    customers: async () => ({ listTemplates, listOwners: async () => [] }),
    webhookUrl: async () => WEBHOOK_URL,
    now: () => now,
  });
}

const aTeam = (customers: readonly Row[] = [], tables?: TableData[], scopes = SCOPES) =>
  serve(tables ?? [customersTable(customers), templatesTable([])], { tokens: [{ token: TOKEN, scopes }] });

/** Puts the base's customers into the replica, each with the name and the first number of its row. */
async function copy(emulator: AirtableEmulator): Promise<readonly string[]> {
  const records = emulator.base.tables[0]?.records ?? [];
  for (const { id, fields } of records) {
    await service.put({
      recordId: id,
      name: String(fields['name']),
      ...(fields['sms'] !== undefined && { sms: String(fields['sms']) }),
    });
  }
  return records.map(({ id }) => id);
}

describe('the replica', () => {
  test('fails until the base was read completely, and shows the progress', async () => {
    expect(await run('replica')).toMatchObject({ status: 'fail', message: expect.stringContaining('never') });

    await leave({ passProgress: { startedAt: NOW, customers: 300 } });
    expect(await run('replica')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('300 customers so far'),
    });
  });

  test('passes while changes arrive as often as promised', async () => {
    await leave({ lastPass: passAt(NOW - 9 * HOUR, 42), drainedAt: NOW - 4 * MINUTE });

    expect(await run('replica')).toEqual({
      status: 'pass',
      message: '42 customers, last full read 9 hours ago, last changes 4 minutes ago',
    });
  });

  test.each([
    [
      'changes were not read for three turns of the schedule',
      NOW - HOUR,
      NOW - 16 * MINUTE,
      '16 minutes ago',
    ],
    ['the nightly reading did not take place', NOW - 26 * HOUR, NOW - MINUTE, '26 hours ago'],
  ])('fails if %s', async (_, finishedAt, drainedAt, message) => {
    await leave({ lastPass: passAt(finishedAt), drainedAt });

    expect(await run('replica')).toMatchObject({ status: 'fail', message: expect.stringContaining(message) });
  });

  test('may be as old as the polling interval if there is no webhook', async () => {
    const withoutWebhook = { webhookProblem: 'forbidden', drainedAt: null };
    await leave({ ...withoutWebhook, lastPass: passAt(NOW - 10 * HOUR, 50_000) });
    expect(await run('replica')).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('every 11 hours'),
    });

    await leave({ ...withoutWebhook, lastPass: passAt(NOW - 10 * HOUR, 1_000) });
    expect(await run('replica')).toMatchObject({ status: 'fail' });
  });
});

describe('the replica compared with Airtable', () => {
  test('passes if both have the same records', async () => {
    const emulator = await aTeam([{ name: 'Ann' }, {}]);
    await copy(emulator);

    expect(await run('replica-content', emulator)).toEqual({
      status: 'pass',
      message: 'the same 2 customers and 0 templates in both',
    });
  });

  test('names the records that only one of them has', async () => {
    const emulator = await aTeam([{ name: 'Ann' }]);
    await service.put(ANN);
    const [record] = emulator.base.tables[0]?.records ?? [];
    const later = Date.parse(record?.createdTime ?? '') + HOUR;

    expect(await run('replica-content', emulator, { templates: 2, now: later })).toMatchObject({
      status: 'fail',
      message: '1 customers in Airtable, 1 in the replica',
      findings: [
        {
          what: `record ${record?.id} is not in the replica`,
          link: expect.stringContaining(`/${record?.id}`),
        },
        { what: `record ${ANN.recordId} is in the replica only` },
        { what: '0 templates in Airtable, 2 in the replica' },
      ],
    });
  });

  test('allows for records that are still on their way', async () => {
    const emulator = await aTeam([{ name: 'Ann' }]);
    const createdAt = Date.parse(emulator.base.tables[0]?.records[0]?.createdTime ?? '');

    expect(await run('replica-content', emulator, { now: createdAt + 4 * MINUTE })).toMatchObject({
      status: 'pass',
    });
  });
});

describe('the last run of sync', () => {
  test('fails with its error message if it failed', async () => {
    await leave({ lastFailure: { at: NOW - 3 * MINUTE, message: 'Airtable refuses AIRTABLE_API_KEY' } });

    expect(await run('sync-run')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/3 minutes ago: Airtable refuses AIRTABLE_API_KEY/),
    });
  });

  test('fails if a pass ended without a report', async () => {
    await leave({ passProgress: { startedAt: NOW - 20 * MINUTE, customers: 700 } });

    expect(await run('sync-run')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/20 minutes ago .*700 customers/),
    });
  });

  test.each([
    [{}, 'no run yet'],
    [{ passProgress: { startedAt: NOW - MINUTE, customers: 7 } }, 'a pass is running'],
    [{ lastPass: passAt(NOW) }, 'succeeded'],
  ])('passes otherwise', async (state, message) => {
    await leave(state);

    expect(await run('sync-run')).toEqual({ status: 'pass', message });
  });
});

describe("Airtable's webhook", () => {
  /** A base with the service's webhook, created through the API and known to the replica. */
  async function withWebhook(url: string | null = WEBHOOK_URL, emulator?: AirtableEmulator) {
    const base = emulator ?? (await aTeam());
    const webhooks = new AirtableWebhooks(accessTo(base), openAirtable(accessTo(base), FAST));
    const created = await webhooks.createWebhook({ notificationUrl: url });
    await leave({ lastPass: passAt(NOW) }, { ...created, notificationUrl: url });
    return { base, webhooks, id: created.id };
  }

  test('passes if it calls the service, and shows when it expires', async () => {
    const { base } = await withWebhook();

    expect(await run('airtable-webhook', base, { now: Date.now() })).toEqual({
      status: 'pass',
      message: `it calls ${WEBHOOK_URL}, expires in 7 days and is renewed by every run`,
    });
  });

  test('is a limit and not a fault without one, with the consequence and the fix', async () => {
    await leave({ lastPass: passAt(NOW, 50_000), webhookProblem: 'the token lacks webhook:manage' });

    expect(await run('airtable-webhook')).toEqual({
      status: 'limited',
      message: expect.stringMatching(/no webhook: the token lacks webhook:manage\..*every 11 hours$/),
      fix: expect.stringContaining('webhook:manage and schema.bases:read'),
    });
  });

  test('fails if Airtable no longer knows it', async () => {
    const { base, webhooks, id } = await withWebhook();
    await webhooks.deleteWebhook(id);

    expect(await run('airtable-webhook', base, { now: Date.now() })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(id),
    });
  });

  test('fails if the token can no longer list it', async () => {
    const base = await aTeam();
    await withWebhook(WEBHOOK_URL, base);
    const other = await aTeam([], undefined, ['data.records:read']);

    expect(await run('airtable-webhook', other)).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('webhook:manage'),
    });
  });
});

describe('the columns that sync requires', () => {
  const without = (column: string) => {
    const table = customersTable([]);
    return [{ ...table, fields: table.fields.filter(({ name }) => name !== column) }, templatesTable([])];
  };

  test('pass if they exist, with any scope of the token', async () => {
    const emulator = await aTeam([], undefined, ['data.records:read']);

    expect(await run('required-columns', emulator)).toEqual({
      status: 'pass',
      message: 'Customers has opt_out, sms, name, owner',
    });
  });

  test.each(['opt_out', 'sms'])('fail without %s, and say which work that stops', async (column) => {
    expect(await run('required-columns', await aTeam([], without(column)))).toMatchObject({
      status: 'fail',
      message: `Customers has no column ${column}; until it exists, sync removes no opt-out, number or customer`,
    });
  });

  test.each(['name', 'owner'])('name %s too, which stops no work', async (column) => {
    expect(await run('required-columns', await aTeam([], without(column)))).toMatchObject({
      status: 'fail',
      message: `Customers has no column ${column}`,
    });
  });

  test('include whatsapp only if there is a sender', async () => {
    const emulator = await aTeam([], without('whatsapp'));
    const settings = { TWILIO_WHATSAPP_NUMBER: '+14135550199' };

    expect(await run('required-columns', emulator)).toMatchObject({ status: 'pass' });
    expect(await run('required-columns', emulator, { settings })).toMatchObject({ status: 'fail' });
  });
});

describe('opt-outs that wait for Airtable', () => {
  const waiting = (minutes: number) =>
    service.optOuts.record(ANN.sms, anEvent({ at: new Date(NOW - minutes * MINUTE).toISOString() }));

  test('pass if none waits, or not for long', async () => {
    expect(await run('opt-outs-waiting')).toEqual({ status: 'pass', message: 'none' });

    await waiting(3);
    expect(await run('opt-outs-waiting')).toEqual({
      status: 'pass',
      message: expect.stringMatching(/^1 .* 3 minutes$/),
    });
  });

  test('fail after an hour, and each is named', async () => {
    await waiting(3);
    await waiting(61);

    expect(await run('opt-outs-waiting')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/^2 .* 61 minutes$/),
      findings: expect.arrayContaining([
        { what: expect.stringMatching(/^\+14155550101 \(sms\): opt-out by STOP/), link: null },
      ]),
    });
  });
});

describe('opt-outs that were unticked by hand', () => {
  async function unticked(tick: boolean | undefined) {
    const emulator = await aTeam([
      { name: 'Ann', sms: ANN.sms, ...(tick && { opt_out: true }) },
      { name: 'Bob' },
    ]);
    const event = anEvent();
    await service.optOuts.record(ANN.sms, event);
    return { emulator, event };
  }

  test('are named, with how to lift them', async () => {
    const { emulator, event } = await unticked(false);
    await service.optOuts.settle({ address: ANN.sms, event });

    expect(await run('opt-outs-unticked', emulator)).toMatchObject({
      status: 'fail',
      message: '1 opt-out in force but not ticked in opt_out',
      fix: expect.stringContaining('npx frontline opt-outs lift'),
      findings: [{ what: `Ann: STOP by SMS at ${event.at}`, link: expect.stringContaining('airtable.com') }],
    });
  });

  test('do not include those that are ticked, or wait to be', async () => {
    const ticked = await unticked(true);
    await service.optOuts.settle({ address: ANN.sms, event: ticked.event });
    expect(await run('opt-outs-unticked', ticked.emulator)).toEqual({ status: 'pass', message: 'none' });

    await service.begin();
    expect(await run('opt-outs-unticked', (await unticked(false)).emulator)).toMatchObject({
      status: 'pass',
    });
  });
});

describe('before a rollback', () => {
  const ALL = ['rollback-waiting', 'rollback-ticks', 'rollback-without-customer'];
  const statuses = async (emulator: AirtableEmulator) => {
    const outcomes: string[] = [];
    for (const id of ALL) outcomes.push((await run(id, emulator)).status);
    return outcomes;
  };

  test('passes if Airtable shows every opt-out', async () => {
    const emulator = await aTeam([{ name: 'Ann', sms: ANN.sms, opt_out: true }]);
    await copy(emulator);
    const event = anEvent();
    await service.optOuts.record(ANN.sms, event);
    await service.optOuts.settle({ address: ANN.sms, event });

    expect(await statuses(emulator)).toEqual(['pass', 'pass', 'pass']);
  });

  test('fails while an opt-out waits', async () => {
    const emulator = await aTeam([{ name: 'Ann', sms: ANN.sms, opt_out: true }]);
    await copy(emulator);
    await service.optOuts.record(ANN.sms, anEvent());

    expect(await statuses(emulator)).toEqual(['fail', 'pass', 'pass']);
    expect(await run('rollback-waiting', emulator)).toMatchObject({
      message: '1 opt-out would be lost by a rollback now',
      fix: expect.stringContaining('Do not deploy an older version'),
    });
  });

  test('passes while a START waits', async () => {
    await service.optOuts.record(ANN.sms, anEvent({ kind: 'opt-in', keyword: 'START' }));

    expect(await run('rollback-waiting')).toMatchObject({ status: 'pass' });
  });

  test('fails while Airtable does not show an opt-out that is in force', async () => {
    const emulator = await aTeam([{ name: 'Ann', sms: ANN.sms }]);
    await copy(emulator);
    const event = anEvent();
    await service.optOuts.record(ANN.sms, event);
    await service.optOuts.settle({ address: ANN.sms, event });

    expect(await statuses(emulator)).toEqual(['pass', 'fail', 'pass']);
  });

  test.each(['yes', 'x', 'please call'])(
    'fails while opt_out says %j, which an older version does not read',
    async (text) => {
      const emulator = await aTeam([{ name: 'Ann', sms: ANN.sms, opt_out: text }]);

      expect(await run('rollback-texts', emulator)).toMatchObject({
        status: 'fail',
        findings: [{ what: `Ann: opt_out is "${text}"` }],
      });
    },
  );

  test.each(['true', 'TRUE', 'no', undefined])('passes with %j in opt_out', async (text) => {
    const emulator = await aTeam([
      { name: 'Ann', sms: ANN.sms, ...(text !== undefined && { opt_out: text }) },
    ]);

    expect(await run('rollback-texts', emulator)).toMatchObject({ status: 'pass' });
  });

  test('names the consequence if a number without a customer has opted out', async () => {
    const event = anEvent();
    await service.optOuts.record('+14155550109', event);
    await service.optOuts.settle({ address: '+14155550109', event });

    expect(await run('rollback-without-customer')).toMatchObject({
      status: 'limited',
      message: '1 address opted out without a customer: an older version ignores this',
    });
  });
});

describe('Airtable’s report of its last calls', () => {
  const webhook = {
    id: 'ach1',
    notificationUrl: WEBHOOK_URL,
    areNotificationsEnabled: true,
    isHookEnabled: true,
    cursorForNextPayload: 1,
    expirationTime: null,
    lastFailure: null,
  };
  const outcomeOf = (changes: object) => judge({ ...webhook, ...changes }, WEBHOOK_URL, NOW);

  test.each([
    [{ lastFailure: 'a 503' }, 'the last call failed: a 503'],
    [{ areNotificationsEnabled: false, lastFailure: 'a 503' }, 'repeated failures: a 503'],
    [{ isHookEnabled: false }, 'Airtable disabled ach1'],
    [
      { notificationUrl: 'https://old.example.com/hook' },
      `https://old.example.com/hook instead of ${WEBHOOK_URL}`,
    ],
    [{ expirationTime: new Date(NOW - 24 * HOUR).toISOString() }, 'it expired 24 hours ago'],
  ])('fails: %j', (changes, message) => {
    expect(outcomeOf(changes)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(message),
    });
  });

  test('passes if all succeeded, and the webhook never expires', () => {
    expect(outcomeOf({})).toEqual({ status: 'pass', message: `it calls ${WEBHOOK_URL}` });
  });
});

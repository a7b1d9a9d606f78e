import { describe, expect, test } from '@jest/globals';
import { PacedBase, type Pacing } from '../../../cli/airtable/rate-limited-base';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import {
  AirtableApiError,
  RATE_LIMIT_EXCEEDED,
  UnknownOutcomeError,
} from '../../../lambdas/airtable/airtable-errors';
import {
  ConfigurationError,
  CredentialsRejectedError,
  ServiceUnavailableError,
} from '../../../lambdas/errors';
import type { NoResponseError, Reply } from '../../../lambdas/http-client/fetch-reply';
import { isReply } from '../../../lambdas/http-client/retry';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { VirtualClock } from '../../lambdas/http-client/virtual-clock';
import { accessTo } from './team';

const open = (emulator: AirtableEmulator, pacing: Pacing = {}) =>
  new PacedBase(accessTo(emulator), { clock: new VirtualClock(), ...pacing });
const names = (emulator: AirtableEmulator) =>
  emulator.base.tables[0]?.records.map(({ fields }) => fields['name']);
const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Customer ${index}` }));

describe('the rate', () => {
  test('is four requests a second per base, for both tokens and all kinds of requests together', async () => {
    const tokens = [{ token: TOKEN }, { token: 'patSetup' }];
    const emulator = await serve([customersTable([{ name: 'Ann' }])], { tokens });
    const clock = new VirtualClock();
    const sentAt: number[] = [];
    const onOutcome = (outcome: Reply | NoResponseError) => {
      if (isReply(outcome)) sentAt.push(outcome.sentAt);
    };
    const records = new PacedBase(accessTo(emulator), { clock, onOutcome });
    const schema = new PacedBase(accessTo(emulator, 'patSetup'), { clock, onOutcome });

    await Promise.all([
      ...Array.from({ length: 6 }, () => records.list('Customers', {})),
      ...Array.from({ length: 6 }, () => schema.readSchema()),
    ]);

    expect(sentAt.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, index) => index * 250),
    );
  });

  test('waits out a 429, reports it, and continues', async () => {
    const emulator = await serve([customersTable([])]);
    const waits: [number, string][] = [];
    const base = open(emulator, { onWait: (...wait) => waits.push(wait) });
    emulator.faults.next(2, { kind: 'rate-limit' });

    for (const row of rows(3)) await base.create('Customers', [row]);

    expect(names(emulator)).toEqual(rows(3).map(({ name }) => name));
    const wait = [30, RATE_LIMIT_EXCEEDED];
    expect(waits).toEqual([wait, wait]);
  });

  test('sends nothing to the base while it waits out a 429', async () => {
    const emulator = await serve([customersTable([])]);
    const clock = new VirtualClock();
    const sentAt: number[] = [];
    const onOutcome = (outcome: Reply | NoResponseError) => {
      if (isReply(outcome)) sentAt.push(outcome.sentAt);
    };
    emulator.faults.next(1, { kind: 'rate-limit' });
    let other: Promise<unknown> = Promise.reject(new Error('there was no wait'));
    other.catch(() => {});
    const onWait = () => {
      other = open(emulator, { clock, onOutcome }).list('Customers', {});
    };

    await open(emulator, { clock, onOutcome, onWait }).list('Customers', {});
    await other;

    expect(sentAt).toEqual([0, 30_000, 30_250]);
  });

  test('gives up if a 429 never ends', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'rate-limit' });

    await expect(open(emulator).list('Customers', {})).rejects.toThrow(RATE_LIMIT_EXCEEDED);
  });

  test('does not wait for the next month if its quota is used up', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'monthly-quota' });

    await expect(open(emulator).list('Customers', {})).rejects.toThrow(/quota is used up/);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('reading', () => {
  test('returns every record, a hundred per page, with the requested columns', async () => {
    const emulator = await serve([customersTable(rows(230).map((row) => ({ ...row, sms: '+14155550101' })))]);
    const pages: number[] = [];

    const records = await open(emulator).listAll('Customers', {
      fields: ['name'],
      onPage: (count) => pages.push(count),
    });

    expect(records.map(({ fields }) => fields)).toEqual(rows(230));
    expect(pages).toEqual([100, 200, 230]);
    expect(emulator.requests).toHaveLength(3);
  });

  test('restarts if the list iterator expires while paging', async () => {
    const emulator = await serve([customersTable(rows(230))]);
    const pages: number[] = [];
    const base = open(emulator);
    const onPage = (count: number) => {
      if (pages.push(count) === 2) emulator.expireIterators();
    };

    const records = await base.listAll('Customers', { onPage });

    expect(records.map(({ fields }) => fields)).toEqual(rows(230));
    expect(pages).toEqual([100, 200, 100, 200, 230]);
  });

  test('gives up if the list iterator expires again', async () => {
    const emulator = await serve([customersTable(rows(120))]);
    emulator.faults.always({ kind: 'iterator-loss' });

    await expect(open(emulator).listAll('Customers')).rejects.toThrow(ServiceUnavailableError);
  });

  test.each([
    { kind: 'server-error' },
    { kind: 'bad-gateway' },
    { kind: 'unavailable', retryAfterSeconds: 0 },
    { kind: 'connection-reset' },
    { kind: 'response-lost' },
  ] as const)('retries after $kind', async (fault) => {
    const emulator = await serve([customersTable([{ name: 'Ann' }])]);
    emulator.faults.next(1, fault);

    expect(await open(emulator).listAll('Customers')).toMatchObject([{ fields: { name: 'Ann' } }]);
  });

  test('gives up after four attempts', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'server-error' });

    await expect(open(emulator).listAll('Customers')).rejects.toThrow('Airtable returned 500');
    expect(emulator.requests).toHaveLength(4);
  });

  test('reports a missing or forbidden table with the fix', async () => {
    const emulator = await serve([customersTable([])]);

    await expect(open(emulator).listAll('Nowhere')).rejects.toThrow(/the table Nowhere/);
    await expect(open(emulator).listAll('Nowhere')).rejects.toThrow(ConfigurationError);
  });

  test('reports an unknown token without showing it', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });
    const refused = await open(emulator)
      .readSchema()
      .catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(CredentialsRejectedError);
    expect(String(refused)).toContain('does not know the token');
    expect(String(refused)).not.toContain(TOKEN);
  });
});

describe('creating records', () => {
  test('creates all of them in order, and returns them', async () => {
    const emulator = await serve([customersTable([])]);

    const created = await open(emulator).create('Customers', rows(10));

    expect(created.map(({ fields }) => fields)).toEqual(rows(10));
    expect(names(emulator)).toEqual(rows(10).map(({ name }) => name));
    expect(emulator.requests).toHaveLength(1);
  });

  test('creates none if one is rejected', async () => {
    const emulator = await serve([customersTable([])]);
    const refused = open(emulator).create('Customers', [{ name: 'Ann' }, { name: 7 }]);

    await expect(refused).rejects.toThrow(AirtableApiError);
    expect(names(emulator)).toEqual([]);
  });

  test('sends nothing if there is nothing to create', async () => {
    const emulator = await serve([customersTable([])]);

    expect(await open(emulator).create('Customers', [])).toEqual([]);
    expect(emulator.requests).toHaveLength(0);
  });

  test.each([
    [{ kind: 'response-lost' }, ['Ann']],
    [{ kind: 'connection-reset' }, []],
    [{ kind: 'server-error' }, []],
    [{ kind: 'bad-gateway' }, []],
    [{ kind: 'html' }, []],
    [{ kind: 'no-records' }, []],
  ] as const)('is not retried after %p, because its outcome is unknown', async (fault, there) => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, fault);

    await expect(open(emulator).create('Customers', [{ name: 'Ann' }])).rejects.toThrow(UnknownOutcomeError);
    expect(names(emulator)).toEqual(there);
    expect(emulator.requests).toHaveLength(1);
  });

  test.each([{ kind: 'rate-limit' }, { kind: 'unavailable' }] as const)(
    'is retried after $kind, which means that nothing was done',
    async (fault) => {
      const emulator = await serve([customersTable([])]);
      emulator.faults.next(1, fault);

      await open(emulator).create('Customers', [{ name: 'Ann' }]);

      expect(names(emulator)).toEqual(['Ann']);
    },
  );
});

describe('the schema', () => {
  test('is read, with select options', async () => {
    const emulator = await serve([
      customersTable([{ stage: 'New' }, { stage: 'Old' }], { stage: 'singleSelect' }),
    ]);

    const { tables } = await open(emulator).readSchema();

    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ name: 'Customers', views: [{ name: 'Grid view' }] });
    expect(tables[0]?.primaryFieldId).toBe(tables[0]?.fields[0]?.id);
    expect(tables[0]?.fields.at(-1)).toMatchObject({
      name: 'stage',
      type: 'singleSelect',
      options: { choices: [{ name: 'New' }, { name: 'Old' }] },
    });
  });

  test('gets new tables and columns', async () => {
    const emulator = await serve([]);
    const base = open(emulator);

    const table = await base.createTable({
      name: 'Customers',
      fields: [{ name: 'name', type: 'singleLineText' }],
    });
    const field = await base.createField(table.id, { name: 'sms', type: 'phoneNumber' });

    expect(await base.readSchema()).toEqual({ tables: [{ ...table, fields: [...table.fields, field] }] });
  });

  test.each([
    ['schema.bases:read', (base: PacedBase) => base.readSchema()],
    [
      'schema.bases:write',
      (base: PacedBase) => base.createTable({ name: 'T', fields: [{ name: 'n', type: 'email' }] }),
    ],
    ['schema.bases:write', (base: PacedBase) => base.createField('tblX', { name: 'n', type: 'email' })],
  ])('needs %s, and the error names it', async (scope, ask) => {
    const tokens = [{ token: TOKEN, scopes: ['data.records:read', 'data.records:write'] }];
    const emulator = await serve([customersTable([])], { tokens });

    const refused = await ask(open(emulator)).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(String(refused)).toContain(`the scope ${scope}`);
    expect(String(refused)).toContain('AIRTABLE_SETUP_API_KEY');
  });
});

describe('a signal', () => {
  const REASON = new Error('stopped by hand');

  test('ends the wait after a 429', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'rate-limit' });
    const stop = new AbortController();
    const onWait = () => stop.abort(REASON);
    const base = open(emulator, { penaltySeconds: 3_600, signal: stop.signal, onWait });

    await expect(base.list('Customers', {})).rejects.toBe(REASON);
  });

  test('ends the wait for a response', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'slow', milliseconds: 600_000 });
    const stop = new AbortController();
    const listing = open(emulator, { signal: stop.signal }).list('Customers', {});
    while (emulator.requests.length === 0) await new Promise(setImmediate);

    stop.abort(REASON);

    await expect(listing).rejects.toBe(REASON);
  });

  test('ends the wait for a body that stalls', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }])]);
    emulator.faults.always({ kind: 'stalled-body' });
    const stop = new AbortController();
    const listing = open(emulator, { signal: stop.signal }).list('Customers', {});
    while (emulator.requests[0]?.status !== 200) await new Promise(setImmediate);

    stop.abort(REASON);

    await expect(listing).rejects.toBe(REASON);
  });

  test('prevents further requests once it is aborted', async () => {
    const emulator = await serve([customersTable([])]);
    const base = open(emulator, { signal: AbortSignal.abort(REASON) });

    await expect(base.create('Customers', [{ name: 'Ann' }])).rejects.toBe(REASON);
    expect(emulator.requests).toHaveLength(0);
  });
});

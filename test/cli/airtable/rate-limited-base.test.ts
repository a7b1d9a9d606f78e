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

  test('ends the wait for a response', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'slow', milliseconds: 600_000 });
    const stop = new AbortController();
    const listing = open(emulator, { signal: stop.signal }).list('Customers', {});
    while (emulator.requests.length === 0) await new Promise(setImmediate);

    stop.abort(REASON);

    await expect(listing).rejects.toBe(REASON);
  });
});

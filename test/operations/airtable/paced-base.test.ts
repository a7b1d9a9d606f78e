import { describe, expect, test } from '@jest/globals';
import { AnswerLostError, Rejected } from '../../../lambdas/airtable/airtable-errors';
import { CredentialsRefused, Misconfigured, Unavailable } from '../../../lambdas/errors/errors';
import type { NoReplyError, Reply } from '../../../lambdas/http-client/fetch-reply';
import { isReply } from '../../../lambdas/http-client/retry';
import type { AirtableStandIn } from '../../../local/airtable/airtable-stand-in';
import { customersTable } from '../../../local/airtable/base-data';
import { PacedBase, type Pacing } from '../../../operations/airtable/paced-base';
import { VirtualClock } from '../../lambdas/http-client/virtual-clock';
import { serve, TOKEN } from '../../local/airtable/serve';
import { accessTo } from './team';

const open = (standIn: AirtableStandIn, pacing: Pacing = {}) =>
  new PacedBase(accessTo(standIn), { clock: new VirtualClock(), ...pacing });
const names = (standIn: AirtableStandIn) =>
  standIn.base.tables[0]?.records.map(({ fields }) => fields['name']);
const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Customer ${index}` }));

describe('the pace', () => {
  test('is four requests a second for a base, for both tokens and requests of all kinds together', async () => {
    const tokens = [{ token: TOKEN }, { token: 'patSetup' }];
    const standIn = await serve([customersTable([{ name: 'Ann' }])], { tokens });
    const clock = new VirtualClock();
    const sentAt: number[] = [];
    const onOutcome = (outcome: Reply | NoReplyError) => {
      if (isReply(outcome)) sentAt.push(outcome.sentAt);
    };
    const records = new PacedBase(accessTo(standIn), { clock, onOutcome });
    const schema = new PacedBase(accessTo(standIn, 'patSetup'), { clock, onOutcome });

    await Promise.all([
      ...Array.from({ length: 6 }, () => records.list('Customers', {})),
      ...Array.from({ length: 6 }, () => schema.readSchema()),
    ]);

    expect(sentAt.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, index) => index * 250),
    );
  });

  test('waits a 429 out, says so, and goes on', async () => {
    const standIn = await serve([customersTable([])]);
    const waits: [number, string][] = [];
    const base = open(standIn, { onWait: (...wait) => waits.push(wait) });
    standIn.faults.next(2, { kind: 'rate-limit' });

    for (const row of rows(3)) await base.create('Customers', [row]);

    expect(names(standIn)).toEqual(rows(3).map(({ name }) => name));
    const wait = [30, expect.stringContaining('more than 5 requests a second')];
    expect(waits).toEqual([wait, wait]);
  });

  test('sends nothing at all to the base while a 429 is waited out', async () => {
    const standIn = await serve([customersTable([])]);
    const clock = new VirtualClock();
    const sentAt: number[] = [];
    const onOutcome = (outcome: Reply | NoReplyError) => {
      if (isReply(outcome)) sentAt.push(outcome.sentAt);
    };
    standIn.faults.next(1, { kind: 'rate-limit' });
    let other: Promise<unknown> = Promise.reject(new Error('there was no wait'));
    other.catch(() => {});
    const onWait = () => {
      other = open(standIn, { clock, onOutcome }).list('Customers', {});
    };

    await open(standIn, { clock, onOutcome, onWait }).list('Customers', {});
    await other;

    expect(sentAt).toEqual([0, 30_000, 30_250]);
  });

  test('gives up where a 429 never ends', async () => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.always({ kind: 'rate-limit' });

    await expect(open(standIn).list('Customers', {})).rejects.toThrow(/throttles/);
  });

  test('does not wait for the next month where its quota is used up', async () => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.always({ kind: 'monthly-quota' });

    await expect(open(standIn).list('Customers', {})).rejects.toThrow(/quota is used up/);
    expect(standIn.requests).toHaveLength(1);
  });
});

describe('reading', () => {
  test('comes back with every record, a hundred at a time, of the columns asked for', async () => {
    const standIn = await serve([customersTable(rows(230).map((row) => ({ ...row, sms: '+14155550101' })))]);
    const pages: number[] = [];

    const records = await open(standIn).listAll('Customers', {
      fields: ['name'],
      onPage: (count) => pages.push(count),
    });

    expect(records.map(({ fields }) => fields)).toEqual(rows(230));
    expect(pages).toEqual([100, 200, 230]);
    expect(standIn.requests).toHaveLength(3);
  });

  test('begins again where Airtable loses the list half way', async () => {
    const standIn = await serve([customersTable(rows(230))]);
    const pages: number[] = [];
    const base = open(standIn);
    const onPage = (count: number) => {
      if (pages.push(count) === 2) standIn.expireIterators();
    };

    const records = await base.listAll('Customers', { onPage });

    expect(records.map(({ fields }) => fields)).toEqual(rows(230));
    expect(pages).toEqual([100, 200, 100, 200, 230]);
  });

  test('gives up where Airtable loses the list again', async () => {
    const standIn = await serve([customersTable(rows(120))]);
    standIn.faults.always({ kind: 'iterator-loss' });

    await expect(open(standIn).listAll('Customers')).rejects.toThrow(Unavailable);
  });

  test.each([
    { kind: 'server-error' },
    { kind: 'bad-gateway' },
    { kind: 'unavailable', retryAfterSeconds: 0 },
    { kind: 'connection-reset' },
    { kind: 'answer-lost' },
  ] as const)('tries again after $kind', async (fault) => {
    const standIn = await serve([customersTable([{ name: 'Ann' }])]);
    standIn.faults.next(1, fault);

    expect(await open(standIn).listAll('Customers')).toMatchObject([{ fields: { name: 'Ann' } }]);
  });

  test('gives up after four attempts', async () => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.always({ kind: 'server-error' });

    await expect(open(standIn).listAll('Customers')).rejects.toThrow('Airtable answers 500');
    expect(standIn.requests).toHaveLength(4);
  });

  test('says what is missing where the table is out of reach', async () => {
    const standIn = await serve([customersTable([])]);

    await expect(open(standIn).listAll('Nowhere')).rejects.toThrow(/no access to the table Nowhere/);
    await expect(open(standIn).listAll('Nowhere')).rejects.toThrow(Misconfigured);
  });

  test('says that the token is unknown, and not what it is', async () => {
    const standIn = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });
    const refused = await open(standIn)
      .readSchema()
      .catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(CredentialsRefused);
    expect(String(refused)).toContain('does not know the token');
    expect(String(refused)).not.toContain(TOKEN);
  });
});

describe('creating records', () => {
  test('creates all of them in their order, and gives them back', async () => {
    const standIn = await serve([customersTable([])]);

    const created = await open(standIn).create('Customers', rows(10));

    expect(created.map(({ fields }) => fields)).toEqual(rows(10));
    expect(names(standIn)).toEqual(rows(10).map(({ name }) => name));
    expect(standIn.requests).toHaveLength(1);
  });

  test('creates none where one is refused', async () => {
    const standIn = await serve([customersTable([])]);
    const refused = open(standIn).create('Customers', [{ name: 'Ann' }, { name: 7 }]);

    await expect(refused).rejects.toThrow(Rejected);
    expect(names(standIn)).toEqual([]);
  });

  test('asks for nothing where there is nothing to create', async () => {
    const standIn = await serve([customersTable([])]);

    expect(await open(standIn).create('Customers', [])).toEqual([]);
    expect(standIn.requests).toHaveLength(0);
  });

  test.each([
    [{ kind: 'answer-lost' }, ['Ann']],
    [{ kind: 'connection-reset' }, []],
    [{ kind: 'server-error' }, []],
    [{ kind: 'bad-gateway' }, []],
    [{ kind: 'html' }, []],
    [{ kind: 'no-records' }, []],
  ] as const)('is not done again after %p, for nobody knows whether it was done', async (fault, there) => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.next(1, fault);

    await expect(open(standIn).create('Customers', [{ name: 'Ann' }])).rejects.toThrow(AnswerLostError);
    expect(names(standIn)).toEqual(there);
    expect(standIn.requests).toHaveLength(1);
  });

  test.each([{ kind: 'rate-limit' }, { kind: 'unavailable' }] as const)(
    'is done again after $kind, which says that nothing was done',
    async (fault) => {
      const standIn = await serve([customersTable([])]);
      standIn.faults.next(1, fault);

      await open(standIn).create('Customers', [{ name: 'Ann' }]);

      expect(names(standIn)).toEqual(['Ann']);
    },
  );
});

describe('the schema', () => {
  test('is read, with the choices of selects', async () => {
    const standIn = await serve([
      customersTable([{ stage: 'New' }, { stage: 'Old' }], { stage: 'singleSelect' }),
    ]);

    const { tables } = await open(standIn).readSchema();

    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ name: 'Customers', views: [{ name: 'Grid view' }] });
    expect(tables[0]?.primaryFieldId).toBe(tables[0]?.fields[0]?.id);
    expect(tables[0]?.fields.at(-1)).toMatchObject({
      name: 'stage',
      type: 'singleSelect',
      options: { choices: [{ name: 'New' }, { name: 'Old' }] },
    });
  });

  test('is added to', async () => {
    const standIn = await serve([]);
    const base = open(standIn);

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
  ])('needs %s, and says so', async (scope, ask) => {
    const tokens = [{ token: TOKEN, scopes: ['data.records:read', 'data.records:write'] }];
    const standIn = await serve([customersTable([])], { tokens });

    const refused = await ask(open(standIn)).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Misconfigured);
    expect(String(refused)).toContain(`the scope ${scope}`);
    expect(String(refused)).toContain('AIRTABLE_SETUP_API_KEY');
  });
});

describe('a signal', () => {
  const REASON = new Error('stopped by hand');

  test('ends the wait after a 429', async () => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.always({ kind: 'rate-limit' });
    const stop = new AbortController();
    const onWait = () => stop.abort(REASON);
    const base = open(standIn, { penaltySeconds: 3_600, signal: stop.signal, onWait });

    await expect(base.list('Customers', {})).rejects.toBe(REASON);
  });

  test('ends the wait for an answer', async () => {
    const standIn = await serve([customersTable([])]);
    standIn.faults.always({ kind: 'slow', milliseconds: 600_000 });
    const stop = new AbortController();
    const listing = open(standIn, { signal: stop.signal }).list('Customers', {});
    while (standIn.requests.length === 0) await new Promise(setImmediate);

    stop.abort(REASON);

    await expect(listing).rejects.toBe(REASON);
  });

  test('ends the wait for a body that stalls', async () => {
    const standIn = await serve([customersTable([{ name: 'Ann' }])]);
    standIn.faults.always({ kind: 'stalled-body' });
    const stop = new AbortController();
    const listing = open(standIn, { signal: stop.signal }).list('Customers', {});
    while (standIn.requests[0]?.status !== 200) await new Promise(setImmediate);

    stop.abort(REASON);

    await expect(listing).rejects.toBe(REASON);
  });

  test('lets nothing be sent once it is given', async () => {
    const standIn = await serve([customersTable([])]);
    const base = open(standIn, { signal: AbortSignal.abort(REASON) });

    await expect(base.create('Customers', [{ name: 'Ann' }])).rejects.toBe(REASON);
    expect(standIn.requests).toHaveLength(0);
  });
});

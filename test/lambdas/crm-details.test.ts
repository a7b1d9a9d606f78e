import { describe, expect, test } from '@jest/globals';
import type { CellValue, FieldType } from '../../emulators/airtable/airtable-emulator';
import { aCollaborator, type Columns, type Row } from '../../emulators/airtable/base-data';
import { ANA, askCrm, BOB, customerRows } from '../world/crm';
import { startWorld, world } from '../world/use-world';

const NOT_OUT = 'Opted out: no';
const OUT = 'Opted out: yes. Messages to this customer are blocked.';

const ask = (CustomerId: string, Worker = ANA) =>
  askCrm(world, 'GetCustomerDetailsByCustomerId', { CustomerId, Worker });

/** The details of a customer with these cells. */
async function cardOf(row: Row, columns: Columns = {}): Promise<unknown> {
  await startWorld({ customers: [row], columns });
  const { status, body } = await ask(String(customerRows(world)[0]?.id));
  expect(status).toBe(200);
  return body;
}

const withCard = (card: object) => ({ objects: { customer: card } });

describe('the details of a customer', () => {
  const FULL = {
    id: 98,
    name: 'Jane Roe',
    sms: '(415) 555-0123',
    whatsapp: 'whatsapp:+1 415 555 0123',
    email: 'jane@example.com',
    linkedin: 'https://www.linkedin.com/in/jane',
    notes: 'Likes tea.\nCalls on Mondays.',
    owner: ANA,
    avatar: 'https://example.com/jane.png',
    opt_out: 'false',
  };

  test('contain everything in the row', async () => {
    await startWorld({ customers: [FULL, { id: 99, name: 'Other', owner: ANA }] });

    const { status, body, log } = await ask('98');

    expect(status).toBe(200);
    expect(body).toEqual({
      objects: {
        customer: {
          customer_id: '98',
          display_name: 'Jane Roe',
          channels: [
            { type: 'sms', value: '+14155550123' },
            { type: 'whatsapp', value: 'whatsapp:+14155550123' },
          ],
          links: [
            {
              type: 'LinkedIn',
              value: 'https://www.linkedin.com/in/jane',
              display_name: 'LinkedIn profile',
            },
            { type: 'Email', value: 'mailto:jane@example.com', display_name: 'jane@example.com' },
          ],
          details: { title: 'About', content: `Likes tea.\nCalls on Mondays.\n\n${NOT_OUT}` },
          avatar: 'https://example.com/jane.png',
        },
      },
    });
    expect(log).toMatchObject([{ customerId: '98', worker: ANA, airtableRequests: 0 }]);
  });

  test('leave out empty cells, and contain no programming words', async () => {
    const body = await cardOf({});

    expect(body).toEqual(
      withCard({
        customer_id: expect.stringMatching(/^rec/),
        display_name: expect.stringMatching(/^Customer rec/),
        channels: [],
        links: [],
        details: { title: 'About', content: NOT_OUT },
      }),
    );
    expect(JSON.stringify(body)).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('leave out missing columns', async () => {
    const columns = { id: null, sms: null, whatsapp: null, email: null, linkedin: null, notes: null };
    const body = await cardOf({ name: 'Jane', owner: ANA }, { ...columns, avatar: null, opt_out: null });

    expect(body).toMatchObject(withCard({ display_name: 'Jane', channels: [], links: [] }));
    expect((await ask(String(customerRows(world)[0]?.id))).log).toMatchObject([{ airtableRequests: 0 }]);
  });

  test('accept notes of any length, cut if they would exceed the response limit', async () => {
    const body = await cardOf({ notes: '😀"\n'.repeat(8_000), name: 'x'.repeat(9_000), owner: ANA });

    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(64_000);
    expect(body).toMatchObject(
      withCard({
        display_name: `${'x'.repeat(255)}…`,
        details: { content: expect.stringMatching(/…\n\nOpted out: no$/) },
      }),
    );
  });
});

describe('the customer_id', () => {
  test.each<[FieldType, CellValue, string]>([
    ['number', 98, '98'],
    ['singleLineText', ' 98 ', '98'],
    ['singleLineText', 'O\'Brien "98" \\', 'O\'Brien "98" \\'],
    ['autoNumber', null, '1'],
  ])('of a %s column is accepted back, and so is the record id: %j', async (type, cell, id) => {
    await startWorld({ customers: [{ id: cell, name: 'Jane' }, {}], columns: { id: type } });
    const recordId = String(customerRows(world)[0]?.id);

    for (const asked of [id, recordId]) {
      expect(await ask(asked)).toMatchObject({
        status: 200,
        body: withCard({ customer_id: id, display_name: 'Jane' }),
        log: [{ airtableRequests: 0 }],
      });
    }
  });

  test('that does not exist is a 404', async () => {
    await startWorld({ customers: [{ id: 98, name: 'Jane', owner: ANA }] });

    for (const id of ['99', 'recAAAAAAAAAAAAAA', '098', '98.0', '" OR 1=1 OR "', '{id}', '9']) {
      const { status, body } = await ask(id);

      expect(status).toBe(404);
      expect(body).toMatchObject({ error: 'NotFound', message: `No customer has the id ${id}` });
    }
  });

  test('that two rows have is the older one’s, with a warning in the log', async () => {
    await startWorld({
      customers: [{ name: 'Absent' }, { id: 98, name: 'Older' }, { id: 98, name: 'Younger' }],
    });

    expect(await ask('98')).toMatchObject({
      body: withCard({ display_name: 'Older' }),
      log: [{ warnings: [expect.stringContaining('share the id 98')] }],
    });
  });

  test('that is the record id of one row and the id of another belongs to the first', async () => {
    await startWorld({ customers: [{ name: 'Right' }], columns: { id: 'singleLineText' } });
    const recordId = String(customerRows(world)[0]?.id);
    world.airtable.edit.addRecord('Customers', { id: recordId, name: 'Wrong' });
    await world.sync();

    expect(await ask(recordId)).toMatchObject({ body: withCard({ display_name: 'Right' }) });
  });
});

describe('the channels', () => {
  test.each<[CellValue, string | null]>([
    ['+14155550123', '+14155550123'],
    ['415-555-0123', '+14155550123'],
    ['555-01', null],
  ])('are in E.164, and only for numbers: %j gives %j', async (cell, number) => {
    const type = typeof cell === 'number' ? 'number' : 'singleLineText';
    const body = await cardOf({ name: 'Jane', sms: cell, whatsapp: cell }, { sms: type, whatsapp: type });

    const channels =
      number === null
        ? []
        : [
            { type: 'sms', value: number },
            { type: 'whatsapp', value: `whatsapp:${number}` },
          ];
    expect(body).toMatchObject(withCard({ channels }));
  });

  test('contain WhatsApp alone if there is nothing else', async () => {
    expect(await cardOf({ whatsapp: '+14155550123' })).toMatchObject(
      withCard({ channels: [{ type: 'whatsapp', value: 'whatsapp:+14155550123' }] }),
    );
  });
});

describe('the opt-out state', () => {
  test('is the customer’s own message from any of the addresses, and later an opt-in on the same channel', async () => {
    const event = { channel: 'sms', keyword: 'STOP', at: '2026-11-25T10:00:00.000Z', id: 'IM1' } as const;
    await startWorld({ customers: [{ id: 1, name: 'Jane', sms: '(415) 555-0123', owner: ANA }] });

    await world.optOuts.record('+14155550123', { ...event, kind: 'opt-out' });
    expect(await ask('1')).toMatchObject({ body: withCard({ details: { content: OUT } }) });

    await world.optOuts.record('+14155550123', {
      ...event,
      kind: 'opt-in',
      at: '2026-11-25T11:00:00.000Z',
    });
    expect(await ask('1')).toMatchObject({ body: withCard({ details: { content: NOT_OUT } }) });
  });

  test.each<[FieldType | null, CellValue, string]>([
    ['singleLineText', 'true', OUT],
    ['singleLineText', 'maybe', OUT],
    ['checkbox', false, NOT_OUT],
  ])('of a %s column with %j in it reads %j', async (type, cell, content) => {
    expect(await cardOf({ opt_out: cell }, { opt_out: type })).toMatchObject(
      withCard({ details: { content } }),
    );
  });
});

test('of two customers who share an id, a worker sees their own one, with a warning in the log', async () => {
  await startWorld({
    customers: [
      { id: 7, name: 'Of Ana', owner: ANA },
      { id: 7, name: 'Of Bob', owner: BOB },
    ],
  });

  for (const [worker, display_name] of [
    [ANA, 'Of Ana'],
    [BOB, 'Of Bob'],
  ] as const) {
    const { body, log } = await ask('7', worker);

    expect(body).toMatchObject(withCard({ display_name }));
    expect(log).toMatchObject([{ warnings: [expect.stringContaining('share the id 7')] }]);
  }
});

test('a collaborator as owner does not break the details', async () => {
  const owner = aCollaborator('Ana', ANA);
  const body = await cardOf({ id: 1, name: 'Jane', owner }, { owner: 'singleCollaborator' });

  expect(body).toMatchObject(withCard({ customer_id: '1' }));
  expect(JSON.stringify(body)).not.toContain(ANA);
});

import { describe, expect, test } from '@jest/globals';
import type { FieldType } from '../../emulators/airtable/airtable-emulator';
import { aCollaborator, type Row } from '../../emulators/airtable/base-data';
import { handler as crm } from '../../lambdas/crm';
import { callbackEvent } from '../world/callback-event';
import { ANA, askCrm, BOB, customerRows, listPage } from '../world/crm';
import { startWorld, world } from '../world/use-world';
import { AUTH_TOKEN, type WorldOptions } from '../world/world';

interface Channel {
  readonly type: string;
  readonly value: string;
}

const SMS: Channel = { type: 'sms', value: '+14155550123' };
const WHATSAPP: Channel = { type: 'whatsapp', value: 'whatsapp:+14155550124' };

const create = (channels: readonly Channel[], DisplayName = 'Jane Roe', Worker = ANA) =>
  askCrm(world, 'CreateCustomer', { Worker, DisplayName, Channels: JSON.stringify(channels) });

const createTogether = (workers: readonly string[], channels: readonly Channel[]) =>
  world.deliverTogether(
    workers.map((Worker) => ({
      handler: crm,
      event: callbackEvent(
        { Location: 'CreateCustomer', Worker, DisplayName: 'Jane Roe', Channels: JSON.stringify(channels) },
        { path: '/callbacks/crm', authToken: AUTH_TOKEN },
      ),
    })),
  );

const rows = () => customerRows(world).map(({ fields }) => fields);

describe('a customer who is created', () => {
  test('is a row of the worker’s, and the response is like that of the details', async () => {
    await startWorld();

    const { status, body } = await create([SMS, WHATSAPP]);

    const [record] = customerRows(world);
    expect(record?.fields).toEqual({
      name: 'Jane Roe',
      owner: ANA,
      sms: '+14155550123',
      whatsapp: '+14155550124',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      objects: {
        customer: {
          customer_id: record?.id,
          display_name: 'Jane Roe',
          channels: [SMS, WHATSAPP],
          links: [],
          details: { title: 'About', content: 'Opted out: no' },
        },
      },
    });
    expect(await listPage(world)).toMatchObject({ ids: [record?.id], names: ['Jane Roe'] });
  });

  test('gets the id that the base gives', async () => {
    await startWorld({ columns: { id: 'autoNumber' }, customers: [{ name: 'First', owner: ANA }] });

    expect(await create([SMS])).toMatchObject({ body: { objects: { customer: { customer_id: '2' } } } });
  });

  test.each<[Channel, Row]>([
    [{ type: 'sms', value: '(415) 555-0123' }, { sms: '+14155550123' }],
    [{ type: 'sms', value: '+44 20 7946 0001' }, { sms: '+442079460001' }],
    [{ type: 'whatsapp', value: '+1 415 555 0123' }, { whatsapp: '+14155550123' }],
    [{ type: 'whatsapp', value: 'whatsapp:4155550123' }, { whatsapp: '+14155550123' }],
  ])('is stored in E.164: %j', async (channel, cells) => {
    await startWorld();

    expect((await create([channel])).status).toBe(200);
    expect(rows()).toEqual([{ name: 'Jane Roe', owner: ANA, ...cells }]);
  });

  test('may have blank channels beside a filled one', async () => {
    await startWorld();

    expect((await create([SMS, { type: 'whatsapp', value: 'whatsapp:' }])).status).toBe(200);
    expect(rows()).toEqual([{ name: 'Jane Roe', owner: ANA, sms: '+14155550123' }]);
  });

  test('has a name without invisible characters', async () => {
    await startWorld();

    expect((await create([SMS], 'Ja\u202ene\u200b\u001b[31m Roe\u0007')).status).toBe(200);
    expect(rows()).toMatchObject([{ name: 'Jane Roe' }]);
  });

  test.each([`O'Brien "&" \\ {name}`, 'عبد الرحمن', '🌻', '=1+1', '$& {{name}}'])(
    'may have the name %s',
    async (name) => {
      await startWorld();

      expect(await create([SMS], ` ${name} `)).toMatchObject({ status: 200 });
      expect(rows()).toMatchObject([{ name }]);
    },
  );

  test.each<FieldType>(['singleLineText', 'singleSelect', 'singleCollaborator'])(
    'has the worker as owner, in a %s column too',
    async (type) => {
      const ana = aCollaborator('Ana', ANA);
      const owner = type === 'singleCollaborator' ? ana : ANA;
      await startWorld({ columns: { owner: type }, customers: [{ name: 'First', owner }] });

      expect((await create([SMS])).status).toBe(200);
      expect(rows()[1]).toEqual({ name: 'Jane Roe', owner, sms: '+14155550123' });
    },
  );

  test('has a collaborator as owner who owned no customer before, in a new base too', async () => {
    const ana = aCollaborator('Ana', ANA);
    await startWorld({ columns: { owner: 'singleCollaborator' }, collaborators: [ana] });

    expect((await create([SMS])).status).toBe(200);
    expect(rows()).toMatchObject([{ owner: ana }]);
  });
});

describe('a creation that Airtable throttles', () => {
  test('is not retried, and the worker gets an error; the next one sends nothing during the penalty', async () => {
    await startWorld();
    world.airtable.faults.always({ kind: 'rate-limit' });

    const [first, second] = [await create([SMS]), await create([WHATSAPP])];

    for (const answer of [first, second]) {
      expect(answer).toMatchObject({
        status: 503,
        headers: { 'retry-after': '30' },
        body: { friendly_error_message: expect.stringMatching(/\w+ \w+/) },
      });
    }
    expect(world.airtableRequests).toHaveLength(1);
    expect(rows()).toEqual([]);
  });
});

describe('a customer whose number opted out before', () => {
  test('is created as opted out', async () => {
    await startWorld();
    await world.optOuts.record('+14155550123', {
      kind: 'opt-out',
      channel: 'sms',
      keyword: 'STOP',
      at: '2026-11-25T10:00:00.000Z',
      id: 'IM1',
    });

    expect(await create([SMS])).toMatchObject({
      status: 200,
      body: {
        objects: {
          customer: { details: { content: 'Opted out: yes. Messages to this customer are blocked.' } },
        },
      },
    });
  });
});

describe('a number that a customer already has', () => {
  const taken = (row: Row): WorldOptions => ({ customers: [{ name: 'Jim Poe', owner: ANA, ...row }] });

  test.each<[string, Row, Channel]>([
    ['written otherwise', { sms: '(415) 555-0123' }, SMS],
    ['on the other channel', { whatsapp: '+14155550123' }, SMS],
    ['with the prefix', { sms: 'whatsapp:+1 415 555 0124' }, WHATSAPP],
  ])('is rejected, %s, and the worker learns whose it is', async (_what, row, channel) => {
    await startWorld(taken(row));

    expect(await create([channel])).toMatchObject({
      status: 400,
      body: { friendly_error_message: 'This number belongs to your customer Jim Poe already.' },
    });
    expect(rows()).toHaveLength(1);
  });

  test('is rejected without the name of a colleague’s customer', async () => {
    await startWorld(taken({ sms: SMS.value, owner: BOB }));

    const { status, body } = await create([SMS]);

    expect(status).toBe(400);
    expect(body).toMatchObject({
      friendly_error_message: "This number belongs to a colleague's customer already.",
    });
    expect(JSON.stringify(body)).not.toMatch(/Jim|bob/);
    expect(rows()).toHaveLength(1);
  });

  test('is rejected for a colleague’s customer of the same name too', async () => {
    await startWorld(taken({ name: 'Jane Roe', sms: SMS.value, owner: BOB }));

    expect((await create([SMS])).status).toBe(400);
    expect(rows()).toHaveLength(1);
  });

  test('does not match a number with the same ending', async () => {
    await startWorld(taken({ sms: '+12125550123' }));

    expect((await create([SMS])).status).toBe(200);
    expect(rows()).toHaveLength(2);
  });
});

describe('a repeated creation', () => {
  test.each(['Jane Roe', 'Jane  Roe'])('after a lost response creates no second row: %s', async (name) => {
    await startWorld();
    world.airtable.faults.next(1, { kind: 'response-lost' }, ({ path }) => path.endsWith('/Customers'));

    const first = await create([SMS, WHATSAPP], name);
    const tooEarly = await create([SMS, WHATSAPP], name);
    await world.sync();
    const second = await create([SMS, WHATSAPP], name);

    expect(first).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { friendly_error_message: expect.stringContaining('Please look for them in a minute') },
    });
    expect(tooEarly).toMatchObject({
      status: 503,
      body: { friendly_error_message: expect.stringContaining('is just being added') },
    });
    expect(second).toMatchObject({
      status: 200,
      body: { objects: { customer: { customer_id: customerRows(world)[0]?.id, display_name: 'Jane Roe' } } },
    });
    expect(rows()).toHaveLength(1);
  });

  test('four times at once creates one row, and each returns this customer', async () => {
    await startWorld();
    world.airtable.faults.always({ kind: 'slow', milliseconds: 300 }, ({ path }) =>
      path.endsWith('/Customers'),
    );

    const answers = await createTogether([ANA, ANA, ANA, ANA], [SMS, WHATSAPP]);

    expect(rows()).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  test('at once by two workers gives it to one of them, and rejects the other', async () => {
    await startWorld();
    world.airtable.faults.always({ kind: 'slow', milliseconds: 300 }, ({ path }) =>
      path.endsWith('/Customers'),
    );

    const answers = await createTogether([ANA, BOB], [SMS]);

    expect(rows()).toHaveLength(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('returns the same customer again', async () => {
    await startWorld();

    const [first, second] = [await create([SMS]), await create([SMS])];

    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(rows()).toHaveLength(1);
  });

  test('under another name is rejected', async () => {
    await startWorld();
    await create([SMS]);

    expect((await create([SMS], 'Jane Poe')).status).toBe(400);
    expect(rows()).toHaveLength(1);
  });
});

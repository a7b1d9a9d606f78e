import { describe, expect, test } from '@jest/globals';
import type { FieldType } from '../../emulators/airtable/airtable-emulator';
import { aCollaborator } from '../../emulators/airtable/base-data';
import { ANA, askCrm, BOB, customerRows, listPage } from '../world/crm';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

async function worldOf(options: WorldOptions = {}) {
  await startWorld({
    customers: [
      { id: 1, name: 'Adam', owner: ANA },
      { id: 2, name: 'Bea', owner: BOB },
      { name: 'Cleo', owner: ANA },
    ],
    ...options,
  });
}

const remove = (CustomerId: string, Worker = ANA) => askCrm(world, 'DeleteCustomer', { CustomerId, Worker });
const names = () => customerRows(world).map(({ fields }) => fields['name']);

describe('a customer who is deleted', () => {
  test('is gone from the base, and the response is an empty object', async () => {
    await worldOf();

    expect(await remove('1')).toMatchObject({ status: 200, body: {}, log: [{ airtableRequests: 2 }] });
    expect(names()).toEqual(['Bea', 'Cleo']);
  });

  test('may be named by the record id', async () => {
    await worldOf();

    expect(await remove(String(customerRows(world)[2]?.id))).toMatchObject({ status: 200, body: {} });
    expect(names()).toEqual(['Adam', 'Bea']);
  });

  test.each<FieldType>(['singleLineText', 'singleSelect', 'singleCollaborator'])(
    'may have an owner in a %s column',
    async (type) => {
      const owner = type === 'singleCollaborator' ? aCollaborator('Ana', ANA) : ANA;
      await worldOf({ columns: { owner: type }, customers: [{ id: 1, name: 'Adam', owner }] });

      expect((await remove('1', BOB)).status).toBe(404);
      expect((await remove('1')).status).toBe(200);
      expect(names()).toEqual([]);
    },
  );

  test('is a 404 the second time', async () => {
    await worldOf();
    await remove('1');

    expect(await remove('1')).toMatchObject({ status: 404, body: { error: 'NotFound' } });
    expect(names()).toEqual(['Bea', 'Cleo']);
  });

  test('is gone from the list at once, and for good', async () => {
    await worldOf();
    await remove('1');

    expect((await listPage(world)).names).toEqual(['Cleo']);
    await world.sync();
    expect((await listPage(world)).names).toEqual(['Cleo']);
  });

  test('stays opted out at the number if a person had ticked opt_out', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Adam', owner: ANA, sms: '+14155550123', opt_out: 'true' }] });

    expect((await remove('1')).status).toBe(200);

    expect(await world.optOuts.eventsOf(['+14155550123'])).toMatchObject([
      { kind: 'opt-out', keyword: 'hand' },
    ]);
  });

  test('stays opted out at the number even if the replica does not have the tick or the number yet', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Adam', owner: ANA, sms: '+14155550123' }] });
    const recordId = String(customerRows(world)[0]?.id);
    world.airtable.edit.changeRecord('Customers', recordId, { sms: '+14155550177', opt_out: 'true' });

    expect((await remove('1')).status).toBe(200);

    for (const number of ['+14155550123', '+14155550177']) {
      expect(await world.optOuts.eventsOf([number])).toMatchObject([{ kind: 'opt-out', keyword: 'hand' }]);
    }
  });

  test('is not another one whose id column contains this record id', async () => {
    await worldOf();
    const cleo = customerRows(world)[2];
    if (cleo === undefined) throw new Error('There is no such row');
    const [adam] = customerRows(world);
    world.airtable.edit.changeRecord('Customers', String(adam?.id), { id: cleo.id });
    await world.sync();

    expect((await remove(cleo.id)).status).toBe(400);
    expect(names()).toEqual(['Adam', 'Bea', 'Cleo']);

    world.airtable.edit.changeRecord('Customers', cleo.id, { id: '3' });
    await world.sync();
    expect((await remove(cleo.id)).status).toBe(200);
    expect(names()).toEqual(['Bea', 'Cleo']);
  });

  test('is deleted even if already gone from Airtable', async () => {
    await worldOf();
    world.airtable.edit.deleteRecord('Customers', String(customerRows(world)[0]?.id));

    expect(await remove('1')).toMatchObject({ status: 200, body: {} });
    expect((await listPage(world)).names).toEqual(['Cleo']);
  });
});

describe('a deletion is rejected', () => {
  test('for a colleague’s customer, who stays, without revealing that there is one', async () => {
    await worldOf();

    const theirs = await remove('2');
    const unowned = await remove('99');

    expect(theirs).toMatchObject({ status: 404, body: { message: `${ANA} has no customer with the id 2` } });
    expect(unowned).toMatchObject({
      status: 404,
      body: { message: `${ANA} has no customer with the id 99` },
    });
    expect(names()).toEqual(['Adam', 'Bea', 'Cleo']);
    expect(world.airtableRequests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('for a customer without an owner', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Adam' }] });

    expect((await remove('1')).status).toBe(404);
    expect(names()).toEqual(['Adam']);
  });

  test.each(['', '" OR 1=1 OR "', '{id}'])('for an invalid id: %j', async (id) => {
    await worldOf();

    expect([400, 404]).toContain((await remove(id)).status);
    expect(names()).toEqual(['Adam', 'Bea', 'Cleo']);
  });

  test('if two customers of the worker have the id, with a message for the worker', async () => {
    await worldOf({
      customers: [
        { id: 1, name: 'Adam', owner: ANA },
        { id: 1, name: 'Bea', owner: ANA },
      ],
    });

    expect(await remove('1')).toMatchObject({
      status: 400,
      body: {
        message: expect.stringContaining('CustomerId 1'),
        friendly_error_message:
          'Two customers share this id, so none was deleted. Please tell them apart in Airtable.',
      },
    });
    expect(names()).toEqual(['Adam', 'Bea']);
  });

  test('but not if the other customer with the id is a colleague’s', async () => {
    await worldOf({
      customers: [
        { id: 1, name: 'Adam', owner: BOB },
        { id: 1, name: 'Bea', owner: ANA },
      ],
    });

    expect((await remove('1')).status).toBe(200);
    expect(names()).toEqual(['Adam']);
  });

  test('by Airtable, if the token may not write; the log names the missing scope', async () => {
    await worldOf({ airtableScopes: ['data.records:read'] });

    const { status, body, log } = await remove('1');

    expect(status).toBe(503);
    const message = expect.stringContaining('give the token the scope data.records:write');
    expect(body).toMatchObject({ error: 'Misconfigured', message });
    expect(log).toMatchObject([{ level: 'ERROR', failure: { message } }]);
    expect(names()).toEqual(['Adam', 'Bea', 'Cleo']);
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Address, parseAddress } from '../../../lambdas/phone-number/address';
import type { ReplicaCustomerRepository } from '../../../lambdas/replica/replica-customer-repository';
import { ReplicaNotReadyError, ReplicaReadiness } from '../../../lambdas/replica/replica-readiness';
import { beforeCommand, type SomeCustomer, useReplica, write } from './replica-fixture';

const ANA = 'ana@example.com';
const BOB = 'bob@example.com';

const replica = useReplica();
let repository: ReplicaCustomerRepository;
let warnings: string[];
beforeEach(() => {
  warnings = [];
  repository = replica.base.repository({ onWarning: (warning) => warnings.push(warning) });
});

async function add(...customers: readonly SomeCustomer[]) {
  await Promise.all(
    customers.map((each, index) => replica.store.putCustomer(write({ recordId: recordId(index), ...each }))),
  );
}

function recordId(index: number): string {
  return `rec${String(index).padStart(14, '0')}`;
}

function at(...texts: readonly string[]): Address[] {
  return texts.flatMap((text) => parseAddress(text) ?? []);
}

function names(customers: readonly { readonly name: string | null }[]) {
  return customers.map(({ name }) => name);
}

describe('a customer by id', () => {
  test('is found by record id and by the id column', async () => {
    await add({ name: 'Ann', id: '7' }, { name: 'Bea' });
    expect(await repository.getCustomer('7', ANA)).toMatchObject({ name: 'Ann', recordId: recordId(0) });
    expect(await repository.getCustomer(recordId(0), ANA)).toMatchObject({ name: 'Ann' });
    expect(await repository.getCustomer(recordId(1), BOB)).toMatchObject({ name: 'Bea' });
    expect(warnings).toEqual([]);
  });

  test('is not found by an id that no customer has, or no longer has', async () => {
    await add({ name: 'Ann', id: '7' }, { name: 'Bea' });
    await replica.store.deleteCustomer(recordId(0), 2_000, 2_000);
    const bea = (await replica.store.customersByRecordId([recordId(1)])).get(recordId(1)) ?? null;
    await replica.store.putCustomer(
      write({ recordId: recordId(1), name: 'Bea', id: '9' }, { readAt: 2_000, stored: bea }),
    );
    for (const id of ['7', recordId(0), '8', '', 'x'.repeat(9_000), '\ud800']) {
      await expect(repository.getCustomer(id, ANA)).rejects.toMatchObject({ name: 'NotFound' });
      expect(await repository.customersWithId(id)).toEqual([]);
    }
  });

  test('is the worker’s own where two share the id, otherwise the oldest', async () => {
    await add(
      { name: 'Young', id: '7', createdTime: '2026-03-01T00:00:00.000Z', owner: BOB },
      { name: 'Own', id: '7', createdTime: '2026-04-01T00:00:00.000Z', owner: ANA },
      { name: 'Old', id: '7', createdTime: '2026-02-01T00:00:00.000Z', owner: null },
      { name: 'Of unknown age', id: '7', createdTime: '', owner: null },
    );
    expect(await repository.getCustomer('7', ANA)).toMatchObject({ name: 'Own' });
    expect(await repository.getCustomer('7', 'carl@example.com')).toMatchObject({ name: 'Old' });
    expect(names(await repository.customersWithId('7'))).toEqual(['Old', 'Young', 'Own', 'Of unknown age']);
    expect(warnings).toHaveLength(2);
  });
});

describe('an id that equals the record id of another', () => {
  test('finds the customers that lists show with it', async () => {
    await add(
      { name: 'Ann', id: recordId(1) },
      { name: 'Bea', id: '7' },
      { name: 'Cleo', createdTime: '2026-01-02T00:00:00.000Z' },
      { name: 'Dan', id: recordId(2), createdTime: '2026-01-01T00:00:00.000Z' },
    );
    expect(names(await repository.customersWithId(recordId(1)))).toEqual(['Ann']);
    expect(names(await repository.customersWithId('7'))).toEqual(['Bea']);
    expect(names(await repository.customersWithId(recordId(2)))).toEqual(['Dan', 'Cleo']);
    expect(names(await repository.customersWithId(recordId(3)))).toEqual(['Dan']);
  });
});

describe('customers by address', () => {
  test('are sorted by having it on the channel, then by having an owner, then by age', async () => {
    const number = '+14155550101';
    await add(
      { name: 'WhatsApp only, older', whatsapp: number, createdTime: '2020-01-01T00:00:00.000Z' },
      { name: 'SMS, no owner', sms: number, owner: null, createdTime: '2020-01-01T00:00:00.000Z' },
      { name: 'SMS, young', sms: number, createdTime: '2024-01-01T00:00:00.000Z' },
      { name: 'SMS, old', sms: number, createdTime: '2023-01-01T00:00:00.000Z' },
      { name: 'Among several', addressKeys: at(number).map(({ key }) => key) },
      { name: 'Someone else', sms: '+14155550102' },
    );
    expect(names(await repository.findByAddress(at(number)))).toEqual([
      'SMS, old',
      'SMS, young',
      'SMS, no owner',
      'WhatsApp only, older',
      'Among several',
    ]);
    expect(names(await repository.findByAddress(at(`whatsapp:${number}`)))[0]).toBe('WhatsApp only, older');
    expect(warnings).toHaveLength(2);
  });

  test('are found by any of several addresses, each once', async () => {
    await add(
      { name: 'Ann', sms: '+14155550101', whatsapp: '+14155550103' },
      { name: 'Bea', sms: '+14155550102' },
    );
    const found = await repository.findByAddress(
      at('+14155550101', 'whatsapp:+14155550103', '+14155550102', '+14155550109'),
    );
    expect(names(found).sort()).toEqual(['Ann', 'Bea']);
    expect(await repository.findByAddress([])).toEqual([]);
  });

  test('are found by another spelling of the number', async () => {
    await add({ name: 'Lupe', whatsapp: '+5215544440001' });
    expect(names(await repository.findByAddress(at('whatsapp:+525544440001')))).toEqual(['Lupe']);
  });

  test('with cells that cannot be read are found for the guard only', async () => {
    await add({ name: 'Ann', digitTails: ['5550101'] }, { name: 'Bea', sms: '+14155550101' });
    expect(names(await repository.findByAddress(at('+14155550101')))).toEqual(['Bea']);
    expect(names(await repository.findPossiblyAt(at('+14155550101'))).sort()).toEqual(['Ann', 'Bea']);
  });

  test('are no longer found by a former number, even if a lookup item is left', async () => {
    await add({ name: 'Ann', sms: '+14155550101' });
    const killed = beforeCommand(replica.dynamo.connect(), (name) => {
      if (name === 'DeleteItem') throw new Error('Killed');
    });
    const stored = (await replica.store.customersByRecordId([recordId(0)])).get(recordId(0)) ?? null;
    const change = write(
      { recordId: recordId(0), name: 'Ann', sms: '+14155550102' },
      { readAt: 2_000, stored },
    );
    await expect(replica.base.store(killed).putCustomer(change)).rejects.toThrow();
    expect(await repository.findByAddress(at('+14155550101'))).toEqual([]);
    expect(names(await repository.findByAddress(at('+14155550102')))).toEqual(['Ann']);
  });

  test('are all found when many share the number', async () => {
    await add(
      ...Array.from({ length: 130 }, (_, index) => ({ name: `Customer ${index}`, sms: '+14155550101' })),
    );
    expect(await repository.findByAddress(at('+14155550101'))).toHaveLength(130);
  });
});

describe('until the first pass is complete', () => {
  test('every method reports to the worker that the customers are being loaded', async () => {
    const fresh = replica.dynamo.newBase();
    const { listCustomers, ...others } = methodsOf(fresh.repository());
    for (const method of [listCustomers, ...Object.values(others)]) {
      await expect(method()).rejects.toBeInstanceOf(ReplicaNotReadyError);
      await expect(method()).rejects.toMatchObject({
        name: 'Unavailable',
        userMessage: expect.stringContaining('being loaded from Airtable'),
      });
    }
  });

  test('the state is read each time, and then never again', async () => {
    const fresh = replica.dynamo.newBase();
    let reads = 0;
    const client = beforeCommand(replica.dynamo.connect(), (name) => {
      if (name === 'GetItem') reads += 1;
    });
    const readiness = new ReplicaReadiness();
    const list = () => methodsOf(fresh.repository({ client, readiness })).listCustomers();
    await expect(list()).rejects.toBeInstanceOf(ReplicaNotReadyError);
    await expect(list()).rejects.toBeInstanceOf(ReplicaNotReadyError);
    expect(reads).toBe(2);
    await fresh.completePass();
    await list();
    await list();
    expect(reads).toBe(3);
    const other = replica.dynamo.newBase();
    await expect(methodsOf(other.repository({ client, readiness })).listCustomers()).rejects.toBeInstanceOf(
      ReplicaNotReadyError,
    );
  });
});

describe('when DynamoDB fails', () => {
  test('every method is unavailable, with a message for the worker', async () => {
    const client = beforeCommand(replica.dynamo.connect(), () => {
      throw Object.assign(new Error('…'), { name: 'InternalServerError' });
    });
    for (const method of Object.values(methodsOf(replica.base.repository({ client })))) {
      await expect(method()).rejects.toMatchObject({
        name: 'Unavailable',
        userMessage: expect.stringContaining('try again'),
      });
    }
  });

  test('a request ends with the deadline', async () => {
    const ended = AbortSignal.abort();
    await expect(methodsOf(replica.base.repository({ signal: ended })).listOwners()).rejects.toMatchObject({
      name: 'Unavailable',
    });
  });
});

function methodsOf(of: ReplicaCustomerRepository) {
  return {
    listCustomers: () => of.listCustomers({ owner: ANA, size: 10, query: null, start: 'top' }),
    getCustomer: () => of.getCustomer('7', ANA),
    customersWithId: () => of.customersWithId('7'),
    findByAddress: () => of.findByAddress(at('+14155550101')),
    findPossiblyAt: () => of.findPossiblyAt(at('+14155550101')),
    listTemplates: () => of.listTemplates(),
    listOwners: () => of.listOwners(),
  };
}

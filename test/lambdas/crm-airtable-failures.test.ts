import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault, SeenRequest } from '../../emulators/airtable/airtable-faults';
import { askCrm, customerRows } from '../world/crm';
import { FIVE_CALLBACKS } from '../world/five-callbacks';
import { startFive, world } from '../world/use-world';
import type { Answer } from '../world/world';

beforeEach(() => startFive());

const create = () =>
  askCrm(world, 'CreateCustomer', {
    DisplayName: 'Jo',
    Channels: JSON.stringify([{ type: 'sms', value: '+14155550177' }]),
  });

function expectUnavailable({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(headers).toMatchObject({ 'retry-after': expect.stringMatching(/^[1-9]\d*$/) });
  expect(body).toMatchObject({ error: 'Unavailable', message: expect.stringContaining('Airtable') });
}

describe.each(FIVE_CALLBACKS)('$name', ({ handler, path, asks }) => {
  test('does not need Airtable', async () => {
    world.airtable.faults.always({ kind: 'server-error' });

    expect(await world.ask(handler, asks, { path })).toMatchObject({ status: 200 });
    expect(world.airtableRequests).toEqual([]);
  });
});

describe('a customer that is being created', () => {
  const isCreation = ({ method, path }: SeenRequest) => method === 'POST' && path.endsWith('/Customers');
  const creations = () => world.airtableRequests.filter(isCreation);

  test.each<[string, Fault]>([
    ['500', { kind: 'server-error' }],
    ['502', { kind: 'bad-gateway' }],
    ['nothing, though it was done', { kind: 'response-lost' }],
    ['half an answer', { kind: 'connection-reset' }],
  ])('is not created again when Airtable returns %s, because it may exist', async (_what, fault) => {
    world.airtable.faults.next(1, fault, isCreation);

    expectUnavailable(await create());

    expect(creations()).toHaveLength(1);
    expect(customerRows(world).length).toBeLessThanOrEqual(2);
  });

  test('is retried when Airtable returns 503, because nothing was done', async () => {
    world.airtable.faults.next(1, { kind: 'unavailable' }, isCreation);

    expect(await create()).toMatchObject({ status: 200 });

    expect(creations()).toHaveLength(2);
    expect(customerRows(world)).toHaveLength(2);
  });

  test('is a 503 with the wait that Airtable requests if that is too long', async () => {
    world.airtable.faults.always({ kind: 'unavailable', retryAfterSeconds: 20 });

    expect(await create()).toMatchObject({ status: 503, headers: { 'retry-after': '20' } });
    expect(world.airtableRequests).toHaveLength(1);
  });

  test('is a 503 that says so if the month’s quota is used up, without further requests', async () => {
    world.airtable.faults.always({ kind: 'monthly-quota' });

    const answer = await create();

    expectUnavailable(answer);
    expect(JSON.stringify(answer.log)).toMatch(/quota/);
    expect(JSON.stringify(answer.log)).not.toMatch(/rate limit|limits the rate/i);
    expect(world.airtableRequests).toHaveLength(1);
  });
});

describe('a customer that is being deleted', () => {
  test.each<[string, Fault]>([
    ['meets one failure is done', { kind: 'server-error' }],
    ['gets no answer is done all the same', { kind: 'response-lost' }],
  ])('and %s', async (_what, fault) => {
    world.airtable.faults.next(1, fault, ({ method }) => method === 'DELETE');

    expect(await askCrm(world, 'DeleteCustomer', { CustomerId: '1' })).toMatchObject({
      status: 200,
      body: {},
    });
    expect(customerRows(world)).toHaveLength(0);
  });
});

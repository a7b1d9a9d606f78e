import { beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { handler as crm } from '../../../lambdas/crm';
import { handler as outgoing } from '../../../lambdas/outgoing-conversation';
import { handler as templates } from '../../../lambdas/templates';
import { unforeseenEvent } from '../../world/callback-event';
import { ANA } from '../../world/crm';
import { callbackNamed, type OneOfFive } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import type { Answer } from '../../world/world';

beforeEach(() => startFive());

const Text = v.pipe(v.string(), v.nonEmpty());
const ErrorBody = v.strictObject({
  error: Text,
  message: Text,
  friendly_error_message: Text,
  request_id: Text,
});

function expectErrorShape({ status, headers, body }: Answer): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(headers['content-type']).toBe('application/json');
  expect(v.safeParse(ErrorBody, body).issues).toBeUndefined();
}

describe('every error has one JSON shape:', () => {
  const { path, handler, asks } = callbackNamed('crm');
  const ask = (parameters: OneOfFive['asks'], sending = {}) =>
    world.ask(handler, parameters, { path, ...sending });

  test('403 for an unsigned request', async () => {
    expectErrorShape(await ask(asks, { signature: null }));
    expectErrorShape(await ask(asks, { authToken: 'wrong' }));
  });

  test('415 and 413 for a body that is not a form, or too long', async () => {
    expectErrorShape(await ask(asks, { headers: { 'content-type': 'text/plain' } }));
    expectErrorShape(await ask({ ...asks, Filling: 'x'.repeat(70_000) }));
  });

  test('400 or 422 for an empty form', async () => {
    expectErrorShape(await ask({ Nothing: '' }));
  });

  test('503 for an empty secret', async () => {
    world.fillSecret(null);

    expectErrorShape(await ask(asks));
  });

  test('500 for an unexpected error, with the stack in the log only', async () => {
    const answer = await world.deliver(handler, unforeseenEvent());

    expectErrorShape(answer);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/TypeError|undefined|lambdas/);
    expect(answer.log).toMatchObject([
      { level: 'ERROR', status: 500, failure: { name: 'TypeError', stack: expect.stringContaining('at ') } },
    ]);
  });
});

describe('so has', () => {
  test('403 without a sender', async () => {
    process.env['TWILIO_WHATSAPP_NUMBER'] = '';

    const answer = await world.ask(
      outgoing,
      {
        Location: 'GetProxyAddress',
        Worker: ANA,
        ChannelType: 'whatsapp',
        ChannelValue: 'whatsapp:+14155550123',
      },
      { path: '/callbacks/outgoing-conversation' },
    );

    expectErrorShape(answer);
    expect(answer).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('TWILIO_WHATSAPP_NUMBER') },
    });
  });

  test('404 for a missing customer', async () => {
    for (const [handler, path, Location] of [
      [crm, '/callbacks/crm', 'GetCustomerDetailsByCustomerId'],
      [crm, '/callbacks/crm', 'DeleteCustomer'],
      [templates, '/callbacks/templates', 'GetTemplatesByCustomerId'],
    ] as const) {
      const answer = await world.ask(handler, { Location, Worker: ANA, CustomerId: '404' }, { path });

      expectErrorShape(answer);
      expect(answer).toMatchObject({ status: 404, body: { error: 'NotFound' } });
    }
  });

  test('503 for a key that Airtable rejects when a customer is created', async () => {
    world.fillSecret(
      JSON.stringify({ ACCOUNT_SID: 'ACx', AUTH_TOKEN: 'x', AIRTABLE_API_KEY: 'patRevoked.1' }),
    );
    const Channels = JSON.stringify([{ type: 'sms', value: '+14155550177' }]);

    const answer = await world.ask(
      crm,
      { Location: 'CreateCustomer', Worker: ANA, DisplayName: 'Jo', Channels },
      { path: '/callbacks/crm', authToken: 'x' },
    );

    expectErrorShape(answer);
    expect(answer).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('AIRTABLE_API_KEY') },
    });
  });

  test('503 with a sentence until the base has been read once, which the first request starts', async () => {
    await startFive({ synced: false });

    for (const [handler, path, parameters] of [
      [crm, '/callbacks/crm', { Location: 'GetCustomersList' }],
      [crm, '/callbacks/crm', { Location: 'GetCustomerDetailsByCustomerId', CustomerId: '1' }],
      [templates, '/callbacks/templates', { Location: 'GetTemplatesByCustomerId', CustomerId: '1' }],
    ] as const) {
      const answer = await world.ask(handler, { Worker: ANA, ...parameters }, { path });

      expectErrorShape(answer);
      expect(answer).toMatchObject({
        status: 503,
        body: { friendly_error_message: expect.stringContaining('being loaded from Airtable') },
      });
    }
    expect(await world.awaitSyncStarts()).toEqual([{ run: 'schedule' }]);
    expect(world.airtableRequests).toEqual([]);
  });
});

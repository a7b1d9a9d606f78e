import { beforeEach, describe, expect, test } from '@jest/globals';
import { aCollaborator } from '../../emulators/airtable/base-data';
import { ANA, askCrm, customerRows } from '../world/crm';
import { startWorld, world } from '../world/use-world';

const SMS = JSON.stringify([{ type: 'sms', value: '+14155550123' }]);
const create = (parameters: Readonly<Record<string, string>>) =>
  askCrm(world, 'CreateCustomer', { DisplayName: 'Jane Roe', Channels: SMS, ...parameters });

describe('a request to create a customer is rejected, with a sentence that the worker can act on,', () => {
  beforeEach(() => startWorld());

  test.each([
    ['without a name', { DisplayName: ' ' }, 'DisplayName is missing', /display name is missing/],
    ['with a name of nothing that shows', { DisplayName: '\u200b' }, 'DisplayName is missing', /is missing/],
    [
      'with a name too long',
      { DisplayName: 'x'.repeat(1_001) },
      'DisplayName is longer',
      /longer than 1,000/,
    ],
    ['without channels', { Channels: '' }, 'Channels is missing', /channels is missing/],
    ['with broken JSON', { Channels: '[{"type":' }, 'Channels must be a JSON array', /could not be read/],
    ['with JSON null', { Channels: 'null' }, 'Channels must be a JSON array', /could not be read/],
    ['with one object', { Channels: '{"type":"sms"}' }, 'Channels must be a JSON array', /could not be read/],
    [
      'with a number value',
      { Channels: '[{"type":"sms","value":1}]' },
      'Channels must be',
      /could not be read/,
    ],
    ['with an empty list', { Channels: '[]' }, 'Channels holds no number', /add a phone number/],
    [
      'with blank numbers',
      { Channels: '[{"type":"sms","value":" "},{"type":"whatsapp","value":"whatsapp: "}]' },
      'Channels holds no number',
      /add a phone number/,
    ],
    [
      'with an e-mail channel',
      { Channels: '[{"type":"email","value":"a@example.com"}]' },
      'Channels has the type "email"',
      /SMS and WhatsApp numbers only/,
    ],
    [
      'with an invalid number',
      { Channels: '[{"type":"sms","value":"555-01"}]' },
      'Channels holds a value for sms that is not a phone number',
      /^"555-01" is not a phone number/,
    ],
    [
      'with two numbers for a channel',
      { Channels: '[{"type":"sms","value":"+14155550123"},{"type":"sms","value":"+14155550124"}]' },
      'Channels holds sms twice',
      /one number for SMS and one for WhatsApp/,
    ],
  ])('%s', async (_what, parameters, message, userMessage) => {
    const { status, body } = await create(parameters);

    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'BadRequest',
      message: expect.stringContaining(message),
      friendly_error_message: expect.stringMatching(userMessage),
      request_id: expect.any(String),
    });
    expect(world.airtableRequests).toEqual([]);
  });
});

describe('a worker who is not an owner in the base', () => {
  const NOT_SET_UP = /not set up as an owner of customers yet/;

  test('gets an error if the owner is a select without that option, and no option is added', async () => {
    await startWorld({ columns: { owner: 'singleSelect' }, customers: [{ name: 'First', owner: 'Bob' }] });

    expect(await create({})).toMatchObject({
      status: 400,
      body: { friendly_error_message: expect.stringMatching(NOT_SET_UP) },
    });
    expect(customerRows(world)).toHaveLength(1);
    const owner = world.airtable.base.tables[0]?.fields.find(({ name }) => name === 'owner');
    expect(owner?.options?.choices).toMatchObject([{ name: 'Bob' }]);
  });

  test('gets an error if the owner is a collaborator', async () => {
    const bob = aCollaborator('Bob', 'bob@example.com');
    await startWorld({
      columns: { owner: 'singleCollaborator' },
      customers: [{ name: 'First', owner: bob }],
    });

    expect(await create({})).toMatchObject({
      status: 400,
      body: { friendly_error_message: expect.stringMatching(NOT_SET_UP) },
    });
    expect(customerRows(world)).toHaveLength(1);
  });
});

describe('a creation that the base does not allow', () => {
  test('names the missing write scope', async () => {
    await startWorld({ airtableScopes: ['data.records:read'] });

    expect(await create({})).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('data.records:write') },
    });
  });

  test.each(['sms', 'name', 'owner'])('names the missing column %s', async (column) => {
    await startWorld({ columns: { [column]: null, extra: 'singleLineText' } });

    expect(await create({})).toMatchObject({
      status: 503,
      body: { message: `The table Customers has no column "${column}": add it to the base` },
    });
    expect(customerRows(world)).toEqual([]);
  });
});

test('the log line of a creation contains no number', async () => {
  await startWorld();

  const refused = await create({ Channels: '[{"type":"sms","value":"+1415555012345678901"}]' });
  const created = await create({});

  expect(refused.log).toMatchObject([{ status: 400, location: 'CreateCustomer', worker: ANA }]);
  expect(JSON.stringify([refused.log, created.log])).not.toMatch(/555\D?01/);
});

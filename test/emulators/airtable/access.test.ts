import { describe, expect, test } from '@jest/globals';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { call, request, serve, TOKEN } from './serve';

const FORBIDDEN = {
  status: 403,
  body: {
    error: {
      type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND',
      message:
        'Invalid permissions, or the requested model was not found. Check that both your user and your token have the required permissions, and that the model names and/or ids are correct.',
    },
  },
};
const NOT_FOUND = { status: 404, body: { error: 'NOT_FOUND' } };

test.each([null, 'patWrong'])('the token %p is rejected before any other check', async (token) => {
  const emulator = await serve([customersTable([])]);

  expect(await request(`${emulator.url}/v0/appUnknown/T`, 'GET', undefined, token)).toMatchObject({
    status: 401,
    body: { error: { type: 'AUTHENTICATION_REQUIRED', message: 'Authentication required' } },
  });
});

describe('a missing resource', () => {
  test.each([
    ['GET', '/Nowhere', undefined],
    ['POST', '/Nowhere', { fields: {} }],
    ['GET', '/Customers/recMISSING0000000', undefined],
    ['PATCH', '/Customers/recMISSING0000000', { fields: {} }],
    ['PUT', '/Customers/recMISSING0000000', { fields: {} }],
    ['DELETE', '/Customers/recMISSING0000000', undefined],
  ])('%s %s is forbidden', async (method, path, body) => {
    const emulator = await serve([customersTable([])]);

    expect(await call(emulator, method, path, body)).toMatchObject(FORBIDDEN);
  });

  test('an unknown base is not found, and forbidden for metadata', async () => {
    const emulator = await serve([customersTable([])]);

    expect(await request(`${emulator.url}/v0/appUnknown/Customers`)).toMatchObject(NOT_FOUND);
    expect(await request(`${emulator.url}/v0/meta/bases/appUnknown/tables`)).toMatchObject(FORBIDDEN);
  });
});

describe('a token', () => {
  test('without the scope is forbidden', async () => {
    const base = aBase([customersTable([])]);
    const emulator = await serve([], { base, tokens: [{ token: TOKEN, scopes: ['data.records:read'] }] });

    expect((await call(emulator, 'GET', '/Customers')).status).toBe(200);
    expect((await call(emulator, 'POST', '/Customers/listRecords', {})).status).toBe(200);
    expect(await call(emulator, 'POST', '/Customers', { fields: {} })).toMatchObject(FORBIDDEN);
    expect(await request(`${emulator.url}/v0/meta/bases`)).toMatchObject(FORBIDDEN);
  });

  test('without the base is forbidden, and does not list it', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: TOKEN, bases: ['appOther'] }] });

    expect(await call(emulator, 'GET', '/Customers')).toMatchObject(FORBIDDEN);
    expect((await request(`${emulator.url}/v0/meta/bases`)).body).toEqual({ bases: [] });
  });
});

describe('metadata', () => {
  test('whoami needs no scope, and returns the e-mail only with its scope', async () => {
    const tokens = [{ token: TOKEN, scopes: [] }, { token: 'patFull' }];
    const emulator = await serve([customersTable([])], { tokens });
    const id = expect.stringMatching(/^usr[A-Za-z0-9]{14}$/);

    expect((await request(`${emulator.url}/v0/meta/whoami`)).body).toEqual({ id });
    expect((await request(`${emulator.url}/v0/meta/whoami`, 'GET', undefined, 'patFull')).body).toEqual({
      id,
      email: expect.any(String),
    });
  });

  test('lists the base', async () => {
    const emulator = await serve([customersTable([])]);

    expect((await request(`${emulator.url}/v0/meta/bases`)).body).toEqual({
      bases: [{ id: emulator.base.id, name: 'Frontline', permissionLevel: 'create' }],
    });
  });

  test('shows tables, fields and views', async () => {
    const table = customersTable([], { stage: 'singleSelect', opt_out: 'checkbox' });
    const emulator = await serve([table]);

    const { body } = await request(
      `${emulator.url}/v0/meta/bases/${emulator.base.id}/tables?include[]=visibleFieldIds`,
    );

    const fieldIds = table.fields.map(({ id }) => id);
    expect(body).toMatchObject({
      tables: [
        {
          id: table.id,
          name: 'Customers',
          primaryFieldId: fieldIds[0],
          views: [{ name: 'Grid view', type: 'grid', visibleFieldIds: fieldIds }],
        },
      ],
    });
    expect(JSON.stringify(body)).toContain('"type":"number","options":{"precision":0}');
    expect(JSON.stringify(body)).toContain('"name":"sms","type":"singleLineText"}');
  });
});

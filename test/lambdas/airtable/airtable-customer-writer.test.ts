import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator, FieldType } from '../../../emulators/airtable/airtable-emulator';
import { aCollaborator, customersTable } from '../../../emulators/airtable/base-data';
import { AirtableCustomerWriter } from '../../../lambdas/airtable/airtable-customer-writer';
import { UnknownOutcomeError } from '../../../lambdas/airtable/airtable-errors';
import type { SyncState } from '../../../lambdas/replica/replica-store';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { openClient } from './open-client';

const ANN = { name: 'Ann', owner: 'bo@example.com', sms: null, whatsapp: '+14155550101' };

const open = (airtable: AirtableEmulator, ownerColumn: SyncState['ownerColumn'] = 'unknown') =>
  new AirtableCustomerWriter(openClient(airtable), { defaultCountry: 'US', ownerColumn });
const recordsOf = (airtable: AirtableEmulator) => airtable.base.tables[0]?.records ?? [];
const serveOwners = (type: FieldType, options = {}) => serve([customersTable([], { owner: type })], options);
const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('a customer is created', () => {
  test('in Airtable, and comes back as Airtable stored it', async () => {
    const airtable = await serveOwners('singleLineText');

    expect(await open(airtable).createCustomer(ANN)).toMatchObject({
      mapped: {
        customer: {
          recordId: recordsOf(airtable)[0]?.id,
          name: 'Ann',
          owner: 'bo@example.com',
          sms: null,
          whatsapp: '+14155550101',
          addressKeys: ['phone:+14155550101'],
        },
      },
      readAt: 0,
    });
    expect(recordsOf(airtable)[0]?.fields).toEqual({
      name: 'Ann',
      owner: 'bo@example.com',
      whatsapp: '+14155550101',
    });
  });

  test.each<[SyncState['ownerColumn'], FieldType, number]>([
    ['unknown', 'singleLineText', 1],
    ['text', 'singleLineText', 1],
    ['collaborator', 'singleLineText', 2],
    ['unknown', 'singleCollaborator', 2],
    ['text', 'singleCollaborator', 2],
    ['collaborator', 'singleCollaborator', 1],
  ])('with an owner column known as %p that is a %s, in %i requests', async (known, type, requests) => {
    const airtable = await serve([
      customersTable([{ owner: type === 'singleLineText' ? ANN.owner : aCollaborator('Bo', ANN.owner) }], {
        owner: type,
      }),
    ]);

    const { mapped } = await open(airtable, known).createCustomer(ANN);

    expect(mapped.customer.owner).toBe(ANN.owner);
    expect(airtable.requests).toHaveLength(requests);
  });

  test('and an owner that the column rejects gives a message for the worker', async () => {
    const airtable = await serve([customersTable([{ owner: 'Someone' }], { owner: 'singleSelect' })]);

    expect(await failure(open(airtable).createCustomer(ANN))).toMatchObject({
      name: 'BadRequest',
      userMessage: expect.stringContaining('not set up as an owner'),
    });
  });

  test('and a missing column, or a token that may not write, is an error for the operator', async () => {
    const scopes = ['data.records:read'];
    const readOnly = await serveOwners('singleLineText', { tokens: [{ token: TOKEN, scopes }] });
    const withoutOwner = await serve([customersTable([], { owner: null })]);

    expect(await failure(open(readOnly).createCustomer(ANN))).toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('data.records:write'),
    });
    expect(await failure(open(withoutOwner).createCustomer(ANN))).toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('has no column'),
    });
  });

  test('once: a lost response does not count as a failure', async () => {
    const airtable = await serveOwners('singleLineText');
    airtable.faults.next(1, { kind: 'response-lost' });

    expect(await failure(open(airtable).createCustomer(ANN))).toBeInstanceOf(UnknownOutcomeError);
    expect(recordsOf(airtable)).toHaveLength(1);
  });
});

describe('a customer is deleted', () => {
  test('and one that is gone counts as deleted', async () => {
    const airtable = await serve([customersTable([{ name: 'Ann' }])]);
    const id = recordsOf(airtable)[0]?.id ?? '';

    await open(airtable).deleteCustomer(id);
    await open(airtable).deleteCustomer(id);

    expect(recordsOf(airtable)).toHaveLength(0);
  });

  test('and the request is repeated when the response is lost', async () => {
    const airtable = await serve([customersTable([{ name: 'Ann' }])]);
    airtable.faults.next(1, { kind: 'response-lost' });

    await open(airtable).deleteCustomer(recordsOf(airtable)[0]?.id ?? '');

    expect(recordsOf(airtable)).toHaveLength(0);
  });

  test('unless the token may not, which is an error for the operator', async () => {
    const airtable = await serve([customersTable([{ name: 'Ann' }])], {
      tokens: [{ token: TOKEN, scopes: ['data.records:read'] }],
    });

    expect(await failure(open(airtable).deleteCustomer(recordsOf(airtable)[0]?.id ?? ''))).toMatchObject({
      name: 'Misconfigured',
    });
  });
});

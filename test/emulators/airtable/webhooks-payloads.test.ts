import { describe, expect, test } from '@jest/globals';
import { aTable, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import type { TableData } from '../../../emulators/airtable/base-model';
import { manualTime } from './manual-time';
import { call, serve } from './serve';
import { createWebhook, listPayloads, theWebhook } from './webhook-calls';

const fieldId = (table: TableData, name: string) =>
  table.fields.find((field) => field.name === name)?.id ?? `no field ${name}`;

describe('a payload', () => {
  test('has the records that the API creates, changes and deletes', async () => {
    const table = customersTable([{ name: 'Bob' }, { name: 'Cid' }]);
    const [bob, cid] = table.records.map(({ id }) => id);
    const name = fieldId(table, 'name');
    const airtable = await serve([table], manualTime('2026-03-01T12:00:00.400Z'));
    const { id } = await createWebhook(airtable);

    await call(airtable, 'POST', '/Customers', { fields: { name: 'Ann' } });
    await call(airtable, 'PATCH', `/Customers/${bob}`, { fields: { name: 'Rob' } });
    await call(airtable, 'DELETE', `/Customers/${cid}`);

    const { cursor, mightHaveMore, payloads } = await listPayloads(airtable, id);
    const ann = airtable.base.tables[0]?.records.at(-1)?.id ?? '';
    const common = {
      timestamp: '2026-03-01T12:00:00.400Z',
      payloadFormat: 'v0',
      actionMetadata: {
        source: 'publicApi',
        sourceMetadata: {
          user: { id: expect.stringMatching(/^usr/), email: expect.any(String), permissionLevel: 'create' },
        },
      },
    };
    expect({ cursor, mightHaveMore }).toEqual({ cursor: 4, mightHaveMore: false });
    expect(payloads).toEqual([
      {
        ...common,
        baseTransactionNumber: 1,
        changedTablesById: {
          [table.id]: {
            createdRecordsById: {
              [ann]: { createdTime: '2026-03-01T12:00:00.000Z', cellValuesByFieldId: { [name]: 'Ann' } },
            },
          },
        },
      },
      {
        ...common,
        baseTransactionNumber: 2,
        changedTablesById: {
          [table.id]: {
            changedRecordsById: { [bob ?? '']: { current: { cellValuesByFieldId: { [name]: 'Rob' } } } },
          },
        },
      },
      {
        ...common,
        baseTransactionNumber: 3,
        changedTablesById: { [table.id]: { destroyedRecordIds: [cid] } },
      },
    ]);
  });

  test("has a person's edits, each an action of the client", async () => {
    const table = customersTable([{ name: 'Bob' }]);
    const bob = table.records[0]?.id ?? '';
    const airtable = await serve([table]);
    const { id } = await createWebhook(airtable);

    airtable.edit.changeRecord('Customers', bob, { name: null });
    airtable.edit.deleteRecord('Customers', bob);
    airtable.edit.undoDelete(bob);

    const { payloads } = await listPayloads(airtable, id);
    const changes = (part: object) => ({
      actionMetadata: { source: 'client' },
      changedTablesById: { [table.id]: part },
    });
    expect(payloads).toMatchObject([
      changes({
        changedRecordsById: {
          [bob]: { current: { cellValuesByFieldId: { [fieldId(table, 'name')]: null } } },
        },
      }),
      changes({ destroyedRecordIds: [bob] }),
      changes({ createdRecordsById: { [bob]: {} } }),
    ]);
    expect(airtable.base.tables[0]?.records.map((record) => record.id)).toEqual([bob]);
  });

  test('covers all edits of one action, without those that the action reverted', async () => {
    const table = customersTable([{ name: 'Bob' }]);
    const bob = table.records[0]?.id ?? '';
    const airtable = await serve([table]);
    const { id } = await createWebhook(airtable);

    const ann = airtable.edit.atOnce(() => {
      const passing = airtable.edit.addRecord('Customers', { name: 'Passing' });
      airtable.edit.deleteRecord('Customers', passing.id);
      airtable.edit.changeRecord('Customers', bob, { name: 'Rob' });
      return airtable.edit.addRecord('Customers', { name: 'Ann' }).id;
    });

    const { payloads } = await listPayloads(airtable, id);
    expect(payloads).toEqual([
      expect.objectContaining({
        changedTablesById: {
          [table.id]: {
            createdRecordsById: { [ann]: expect.anything() },
            changedRecordsById: { [bob]: expect.anything() },
          },
        },
      }),
    ]);
  });

  test('is not created by a write that changes nothing, or is rejected', async () => {
    const table = customersTable([{ name: 'Bob' }]);
    const airtable = await serve([table]);
    const { id } = await createWebhook(airtable);

    await call(airtable, 'PATCH', `/Customers/${table.records[0]?.id}`, { fields: { name: 'Bob' } });
    await call(airtable, 'POST', '/Customers', { fields: { nowhere: 1 } });

    expect((await listPayloads(airtable, id)).payloads).toEqual([]);
  });

  test('holds cells in the format v2', async () => {
    const people = aTable('People', { name: 'singleLineText' }, [{ name: 'Ann' }]);
    const ann = people.records[0]?.id ?? '';
    const table = customersTable([{ stage: 'new' }], {
      stage: 'singleSelect',
      friends: 'multipleRecordLinks',
    });
    const airtable = await serve([table, people]);
    const { id } = await createWebhook(airtable);
    const option = table.fields.find(({ name }) => name === 'stage')?.options?.choices?.[0];

    airtable.edit.addRecord('Customers', { stage: 'new', friends: [ann] });
    airtable.edit.deleteRecord('People', ann);

    const { payloads } = await listPayloads(airtable, id);
    const created = airtable.base.tables[0]?.records.at(-1)?.id ?? '';
    expect(payloads).toMatchObject([
      {
        changedTablesById: {
          [table.id]: {
            createdRecordsById: {
              [created]: {
                cellValuesByFieldId: {
                  [fieldId(table, 'stage')]: { id: option?.id, name: 'new' },
                  [fieldId(table, 'friends')]: [{ id: ann, name: 'Ann' }],
                },
              },
            },
          },
        },
      },
      {
        changedTablesById: {
          [people.id]: { destroyedRecordIds: [ann] },
          [table.id]: {
            changedRecordsById: {
              [created]: { current: { cellValuesByFieldId: { [fieldId(table, 'friends')]: null } } },
            },
          },
        },
      },
    ]);
  });

  test('holds earlier and unchanged cells where the webhook includes them', async () => {
    const table = customersTable([{ name: 'Bob', sms: '+1', email: 'b@example.com' }]);
    const bob = table.records[0]?.id ?? '';
    const airtable = await serve([table]);
    const { id } = await createWebhook(airtable, {
      includes: { includeCellValuesInFieldIds: [fieldId(table, 'sms')], includePreviousCellValues: true },
    });

    airtable.edit.changeRecord('Customers', bob, { name: 'Rob' });

    const cell = (field: string, value: string) => ({
      cellValuesByFieldId: { [fieldId(table, field)]: value },
    });
    expect((await listPayloads(airtable, id)).payloads).toEqual([
      expect.objectContaining({
        changedTablesById: {
          [table.id]: {
            changedRecordsById: {
              [bob]: {
                current: cell('name', 'Rob'),
                previous: cell('name', 'Bob'),
                unchanged: cell('sms', '+1'),
              },
            },
          },
        },
      }),
    ]);
  });

  test('has fields and tables for webhooks that watch them', async () => {
    const [customers, templates] = [customersTable([]), templatesTable([])];
    const airtable = await serve([customers, templates]);
    const [records, fields, tables] = [
      await createWebhook(airtable),
      await createWebhook(airtable, { filters: { dataTypes: ['tableFields'] } }),
      await createWebhook(airtable, { filters: { dataTypes: ['tableMetadata'] } }),
    ];

    airtable.edit.renameField('Customers', 'sms', 'mobile');
    airtable.edit.removeField('Customers', 'email');
    airtable.edit.renameTable('Customers', 'People');
    airtable.edit.removeTable('Templates');

    const changesOf = async ({ id }: { id: string }) =>
      (await listPayloads(airtable, id)).payloads.map(
        ({ changedTablesById, destroyedTableIds }) => changedTablesById ?? destroyedTableIds,
      );
    const removed = [templates.id];
    expect(await changesOf(records)).toEqual([removed]);
    expect(await changesOf(fields)).toEqual([
      {
        [customers.id]: {
          changedFieldsById: {
            [fieldId(airtable.base.tables[0] ?? customers, 'mobile')]: { current: { name: 'mobile' } },
          },
        },
      },
      { [customers.id]: { destroyedFieldIds: [fieldId(customers, 'email')] } },
      removed,
    ]);
    expect(await changesOf(tables)).toEqual([
      {
        [customers.id]: { changedMetadata: { current: { name: 'People' }, previous: { name: 'Customers' } } },
      },
      removed,
    ]);
  });

  test('is created only for the table, kinds of change, sources and fields that the filters name', async () => {
    const [customers, templates] = [customersTable([{ name: 'Bob' }]), templatesTable([])];
    const bob = customers.records[0]?.id ?? '';
    const airtable = await serve([customers, templates]);
    const countOf = async (filters: object) => {
      const { id } = await createWebhook(airtable, { filters });
      return async () => (await listPayloads(airtable, id)).payloads.length;
    };
    const counts = [
      await countOf({ recordChangeScope: templates.id }),
      await countOf({ changeTypes: ['remove', 'update'] }),
      await countOf({ fromSources: ['client'] }),
      await countOf({ fromSources: ['publicApi', 'automation'] }),
      await countOf({ changeTypes: ['update'], watchDataInFieldIds: [fieldId(customers, 'sms')] }),
    ];

    await call(airtable, 'POST', '/Templates', { fields: { title: 'Hello' } });
    airtable.edit.changeRecord('Customers', bob, { name: 'Rob' });
    airtable.edit.changeRecord('Customers', bob, { sms: '+1' });

    expect(await Promise.all(counts.map((count) => count()))).toEqual([1, 2, 2, 1, 1]);
  });
});

describe('a listing of payloads', () => {
  test('returns at most fifty from the cursor, and whether there are more', async () => {
    const airtable = await serve([customersTable([])]);
    const { id } = await createWebhook(airtable);
    for (let count = 1; count <= 53; count++) airtable.edit.addRecord('Customers', { id: count });
    const page = async (query: string) => {
      const { cursor, mightHaveMore, payloads } = await listPayloads(airtable, id, query);
      return [payloads[0]?.baseTransactionNumber, payloads.length, cursor, mightHaveMore];
    };

    expect(await page('')).toEqual([1, 50, 51, true]);
    expect(await page('?cursor=51')).toEqual([51, 3, 54, false]);
    expect(await page('?cursor=54')).toEqual([undefined, 0, 54, false]);
    expect(await page('?cursor=10&limit=2')).toEqual([10, 2, 12, true]);
    expect((await theWebhook(airtable))['cursorForNextPayload']).toBe(54);
  });

  test.each(['?limit=51', '?limit=0', '?cursor=0', '?cursor=one'])('rejects %s', async (query) => {
    const airtable = await serve([customersTable([])]);
    const { id } = await createWebhook(airtable);

    expect((await call(airtable, 'GET', `/${id}/payloads${query}`, undefined, 'webhooks')).status).toBe(422);
  });

  test('omits payloads older than seven days, and keeps counting', async () => {
    const time = manualTime();
    const airtable = await serve([customersTable([])], time);
    const { id } = await createWebhook(airtable);
    airtable.edit.addRecord('Customers', { id: 1 });
    time.advance(4 * 24 * 3600);
    await listPayloads(airtable, id, '?cursor=2');
    airtable.edit.addRecord('Customers', { id: 2 });
    time.advance(3 * 24 * 3600);

    const { cursor, payloads } = await listPayloads(airtable, id);

    expect({ cursor, numbers: payloads.map((each) => each.baseTransactionNumber) }).toEqual({
      cursor: 3,
      numbers: [2],
    });
  });
});

describe('an error payload', () => {
  test('ends the webhook', async () => {
    const airtable = await serve([customersTable([])]);
    const { id } = await createWebhook(airtable);

    airtable.webhooks.injectErrorPayload('INTERNAL_ERROR');
    airtable.edit.addRecord('Customers', { name: 'Ann' });

    expect((await listPayloads(airtable, id)).payloads).toMatchObject([
      { error: true, code: 'INTERNAL_ERROR', payloadFormat: 'v0' },
    ]);
    expect(await theWebhook(airtable)).toMatchObject({ isHookEnabled: false });
  });

  test('comes when the table of the scope is deleted', async () => {
    const table = templatesTable([]);
    const airtable = await serve([customersTable([]), table]);
    const { id } = await createWebhook(airtable, { filters: { recordChangeScope: table.id } });

    airtable.edit.removeTable('Templates');

    expect((await listPayloads(airtable, id)).payloads).toMatchObject([{ code: 'INVALID_FILTERS' }]);
  });
});

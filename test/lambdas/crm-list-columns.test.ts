import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { CellValue, FieldType } from '../../local/airtable/airtable-stand-in';
import { aCollaborator } from '../../local/airtable/base-data';
import { type Clock, stopClock } from '../world/clock';
import { ANA, askCrm, BOB, customerRows, listPage } from '../world/crm';
import { closeWorlds, World, type WorldOptions } from '../world/world';

let world: World;
let clock: Clock | undefined;
afterEach(() => {
  clock?.release();
  clock = undefined;
  return world.close();
});
afterAll(closeWorlds);

async function worldOf(options: WorldOptions) {
  world = await World.start(options);
}

/** Requests that a list costs in a container that knows the base. */
async function requestsOnceLearned(): Promise<number> {
  await listPage(world);
  return (await listPage(world)).airtableRequests;
}

describe('the column owner', () => {
  const people: Readonly<Record<string, CellValue>> = {
    [ANA]: aCollaborator('Ana', ANA),
    [BOB]: aCollaborator('Bob', BOB),
  };

  test.each<FieldType>(['singleLineText', 'singleSelect', 'email', 'singleCollaborator'])(
    'may be a %s',
    async (type) => {
      const owner = (identity: string) =>
        type === 'singleCollaborator' ? (people[identity] ?? '') : identity;
      await worldOf({
        columns: { owner: type },
        customers: [
          { id: 1, name: 'Adam', owner: owner(ANA) },
          { id: 2, name: 'Bea', owner: owner(BOB) },
          { id: 3, name: 'Cleo' },
          { id: 4, name: 'Dan', owner: owner(ANA) },
        ],
      });

      expect((await listPage(world)).ids).toEqual(['1', '4']);
      expect((await listPage(world, { Worker: BOB })).ids).toEqual(['2']);
      expect((await listPage(world, { Query: 'a' })).ids).toEqual(['1', '4']);
      expect(await requestsOnceLearned()).toBe(1);
    },
  );

  test('may have stray spaces round it', async () => {
    await worldOf({
      customers: [
        { id: 1, name: 'Adam', owner: ` ${ANA} ` },
        { id: 2, name: 'Bea', owner: `${ANA}\n` },
        { id: 3, name: 'Cleo', owner: `${ANA}, ${BOB}` },
      ],
      columns: { owner: 'multilineText' },
    });

    expect((await listPage(world)).ids).toEqual(['1', '2']);
  });
});

describe('the column id', () => {
  test.each<[FieldType | null, CellValue, string]>([
    ['number', 98, '98'],
    ['number', 0, '0'],
    ['singleLineText', ' C-98 ', 'C-98'],
    ['singleLineText', '007', '007'],
    ['autoNumber', null, '1'],
  ])('of type %j with %j in it gives the customer_id %j', async (type, cell, expected) => {
    await worldOf({ columns: { id: type }, customers: [{ id: cell, name: 'Adam', owner: ANA }] });

    expect((await listPage(world)).ids).toEqual([expected]);
  });

  test('that is blank gives the record id', async () => {
    await worldOf({
      columns: { id: 'singleLineText' },
      customers: [
        { id: '  ', name: 'Adam', owner: ANA },
        { name: 'Bea', owner: ANA },
      ],
    });

    expect((await listPage(world)).ids).toEqual(customerRows(world).map(({ id }) => id));
  });
});

describe('a column that the base has not got', () => {
  test.each(['id', 'avatar'])('is done without: %s', async (column) => {
    await worldOf({ columns: { [column]: null }, customers: [{ name: 'Adam', owner: ANA }] });

    expect(await listPage(world)).toMatchObject({ names: ['Adam'], airtableRequests: 2 });
    expect(await listPage(world)).toMatchObject({ names: ['Adam'], airtableRequests: 1 });
  });

  test('is not asked for again, by a search or by a page token in a new container neither', async () => {
    const columns = { id: null, avatar: null, sms: null, whatsapp: null, email: null, linkedin: null };
    await worldOf({
      columns,
      customers: Array.from({ length: 12 }, (_, index) => ({ name: `Name ${10 + index}`, owner: ANA })),
    });

    await listPage(world, { Query: '1' });
    const first = await listPage(world, { Query: '1', PageSize: '5' });
    expect(first).toMatchObject({ airtableRequests: 1 });

    world.beginNewContainer();
    const second = await listPage(world, { Query: '1', PageSize: '5', NextPageToken: first.token ?? '' });
    expect(second).toMatchObject({ names: expect.arrayContaining(['Name 15']), airtableRequests: 1 });
  });

  test('is found within minutes of its being added', async () => {
    clock = stopClock();
    await worldOf({ customers: [{ id: 7, name: 'Adam', owner: ANA }] });
    world.airtable.edit.renameField('Customers', 'id', 'number');
    expect((await listPage(world)).ids).toEqual(customerRows(world).map(({ id }) => id));

    world.airtable.edit.renameField('Customers', 'number', 'id');
    clock.advance(6 * 60_000);

    expect((await listPage(world)).ids).toEqual(['7']);
  });

  test.each(['name', 'owner'])('is a 503 that names it where nothing goes without: %s', async (column) => {
    await worldOf({ columns: { id: null, avatar: null, [column]: null, extra: 'singleLineText' } });

    const { status, body, log } = await askCrm(world, 'GetCustomersList');

    expect(status).toBe(503);
    const message = `The table Customers has no column "${column}": add it to the base`;
    expect(body).toMatchObject({ error: 'Misconfigured', message });
    expect(log).toMatchObject([{ level: 'ERROR', status: 503, failure: { message } }]);
  });

  test('is a 503 that names the table where that is missing', async () => {
    await worldOf({});
    world.airtable.edit.renameTable('Customers', 'Clients');

    const { status, body } = await askCrm(world, 'GetCustomersList');

    expect(status).toBe(503);
    expect(body).toMatchObject({
      error: 'Misconfigured',
      message: expect.stringContaining('table Customers'),
    });
  });
});

describe('the column avatar', () => {
  const url = 'https://example.com/a.png';
  const image = { id: 'att1', url, filename: 'a.png', type: 'image/png' };
  const letter = { id: 'att2', url: 'https://example.com/a.pdf', filename: 'a.pdf', type: 'application/pdf' };

  test.each<[FieldType, CellValue, string | undefined]>([
    ['url', url, url],
    ['singleLineText', ` ${url} `, url],
    ['singleLineText', 'avatars/a.png', undefined],
    ['singleLineText', 'data:image/png;base64,iVBORw0KGgo=', undefined],
    ['singleLineText', 'javascript:alert(1)', undefined],
    ['multipleAttachments', [image], url],
    ['multipleAttachments', [letter, image], url],
    ['multipleAttachments', [letter], undefined],
    ['multipleAttachments', [], undefined],
  ])('of type %s with %j in it shows %j', async (type, cell, expected) => {
    await worldOf({
      columns: { avatar: type },
      customers: [{ id: 1, name: 'Adam', owner: ANA, avatar: cell }],
    });

    expect((await listPage(world)).avatars).toEqual([expected]);
  });
});

test('columns that the base lacks are learned by requests that come at once, too', async () => {
  await worldOf({
    columns: { id: null, avatar: null },
    customers: [{ name: 'Adam', owner: ANA }],
  });

  const pages = await Promise.all([listPage(world), listPage(world), listPage(world)]);

  expect(pages.map(({ names }) => names)).toEqual([['Adam'], ['Adam'], ['Adam']]);
});

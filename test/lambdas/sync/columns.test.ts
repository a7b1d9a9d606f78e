import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isOptedOut } from '../../../lambdas/opt-out/guard';
import { optedOutChannels } from '../../../lambdas/opt-out/opt-out-store';
import { keyOf, spellingsOf } from '../../../lambdas/phone-number/address';
import { closeSyncWorlds, SyncWorld, type SyncWorldOptions } from './sync-world';

afterEach(closeSyncWorlds);

const NUMBER = '+14155550101';

async function aWorld(options: SyncWorldOptions = {}) {
  const world = await SyncWorld.start({
    customers: [
      { name: 'Ann', sms: NUMBER, opt_out: 'yes' },
      { name: 'Bo', sms: '+14155550102' },
    ],
    ...options,
  });
  await world.runWell();
  return world;
}

/** Whether the guard rejects messages to the number. */
async function isRefusedAt(world: SyncWorld, number: string): Promise<boolean> {
  const { optOuts, store } = world.parts;
  const key = keyOf(number);
  if (optedOutChannels(await optOuts.eventsOf(spellingsOf(key))).size > 0) return true;
  const recordIds = await store.recordIdsAt([key], [number.slice(-7)]);
  const stored = [...(await store.customersByRecordId(recordIds)).values()];
  return isOptedOut(
    stored.map(({ customer }) => customer),
    optOuts,
  );
}

/** A person renames the column and adds a new one with its name. */
function replaceColumn(world: SyncWorld, name: string): void {
  world.airtable.edit.renameField('Customers', name, `${name} old`);
  addColumn(world, name);
}

function addColumn({ airtable }: SyncWorld, name: string): void {
  const id = `fld${randomUUID().replaceAll('-', '').slice(0, 14)}`;
  airtable.base.tables[0]?.fields.push({ id, name, type: 'singleLineText' });
}

describe('a blank column in place of another of the same name', () => {
  test('opt_out removes no tick that a person set: it is kept as an event, and set again', async () => {
    const world = await aWorld();
    replaceColumn(world, 'opt_out');
    await world.runWell('pass');
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
    expect(world.cell(world.recordId(1), 'opt_out')).toBeNull();
    expect(await isRefusedAt(world, '+14155550102')).toBe(false);
    // From then on the new column counts like the old one.
    world.edit(world.recordId(1), { opt_out: 'yes' });
    await world.runWell();
    expect(await isRefusedAt(world, '+14155550102')).toBe(true);
    world.edit(world.recordId(1), { opt_out: null });
    await world.runWell();
    expect(await isRefusedAt(world, '+14155550102')).toBe(false);
  });

  test('opt_out, deleted and added again, removes none either, also where the number cannot be read', async () => {
    const world = await aWorld({ customers: [{ name: 'Ann', sms: 'ask 5550101', opt_out: 'no calls' }] });
    world.airtable.edit.removeField('Customers', 'opt_out');
    addColumn(world, 'opt_out');
    world.edit(world.recordId(0), { name: 'Ann Li' });
    await world.runWell();
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
  });

  test('sms keeps the number of a customer opted out that a person ticked', async () => {
    const world = await aWorld();
    replaceColumn(world, 'sms');
    await world.runWell('pass');
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    expect(await isRefusedAt(world, '+14155550102')).toBe(false);
  });

  test('does not make an event of a tick that a person removed, or of a number that changed', async () => {
    const world = await aWorld();
    world.edit(world.recordId(0), { sms: '+14155550177' });
    await world.runWell();
    expect(await isRefusedAt(world, NUMBER)).toBe(false);
    world.edit(world.recordId(0), { opt_out: null });
    await world.runWell();
    expect(await isRefusedAt(world, '+14155550177')).toBe(false);
  });

  test('two number columns that swap names remove nothing', async () => {
    const world = await aWorld();
    world.airtable.edit.renameField('Customers', 'sms', 'x');
    world.airtable.edit.renameField('Customers', 'whatsapp', 'sms');
    world.airtable.edit.renameField('Customers', 'x', 'whatsapp');
    await world.runWell('pass');
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    expect(await world.customer(world.recordId(0))).toMatchObject({ sms: null, whatsapp: NUMBER });
    expect(await world.parts.optOuts.listPending()).toEqual([]);
  });
});

describe('another table named Customers', () => {
  test.each(['renamed', 'deleted'])('replaces the customers of the one that was %s', async (what) => {
    const world = await aWorld();
    const { base, edit } = world.airtable;
    const [old] = base.tables;
    if (old === undefined) throw new Error('There is no table');
    const id = `tbl${randomUUID().replaceAll('-', '').slice(0, 14)}`;
    if (what === 'renamed') edit.renameTable('Customers', 'Old customers');
    else edit.removeTable('Customers');
    base.tables.unshift({ ...structuredClone(old), id, name: 'Customers', records: [] });
    if (what === 'renamed') edit.addRecord('Customers', { name: 'Cleo', sms: '+14155550103' });
    expect(await world.runWell()).toMatchObject({ kind: 'pass', passReason: 'table-replaced' });
    expect(await world.names()).toEqual(what === 'renamed' ? ['Cleo'] : []);
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    edit.addRecord('Customers', { name: 'Dan' });
    expect(await world.runWell()).toMatchObject({ kind: 'drain' });
    expect(await world.names()).toEqual(what === 'renamed' ? ['Cleo', 'Dan'] : ['Dan']);
  });
});

describe('a number cell that is not text', () => {
  test.each<[string, unknown]>([
    ['a formula’s error', { error: '#ERROR!' }],
    ['links to records', ['recAAAAAAAAAAAAAA']],
    ['a lookup with an error', [{ error: '#ERROR!' }]],
  ])('%s, leaves the customer the numbers that the replica knows', async (_, cell) => {
    const world = await aWorld();
    const [record] = world.airtable.base.tables[0]?.records ?? [];
    if (record === undefined) throw new Error('There is no record');
    Object.assign(record.fields, { sms: cell });
    world.edit(record.id, { name: 'Ann Li' });
    const report = await world.runWell();
    expect(report.recordFaults.get(record.id)).toBe('a number cell holds no text');
    expect(await world.customer(record.id)).toMatchObject({ name: 'Ann Li', sms: null });
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    await world.runWell('pass');
    expect(await isRefusedAt(world, NUMBER)).toBe(true);
    world.edit(record.id, { sms: '+14155550177' });
    await world.runWell();
    expect(await isRefusedAt(world, NUMBER)).toBe(false);
    expect(await isRefusedAt(world, '+14155550177')).toBe(true);
  });

  test('keeps sync’s own tick', async () => {
    const world = await aWorld();
    await world.say('opt-out', '+14155550102');
    await world.runWell();
    const record = world.airtable.base.tables[0]?.records[1];
    if (record === undefined) throw new Error('There is no record');
    Object.assign(record.fields, { sms: { error: '#ERROR!' } });
    world.edit(record.id, { name: 'Bo Li' });
    await world.runWell('pass');
    expect(world.cell(record.id, 'opt_out')).toBe('true');
  });
});

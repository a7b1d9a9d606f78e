import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { listOptOuts, showOptOuts } from '../../../cli/opt-outs/list-opt-outs';
import { aScreen } from '../terminal/scripted-screen';
import { anEvent, useService } from './service';

const ANN = { recordId: 'recAnn00000000000', name: 'Ann Lee', sms: '+14155550101' };
const BOB = { recordId: 'recBob00000000000', name: 'Bob', sms: '+14155550102' };

const service = useService();

const list = () => listOptOuts(service);

/** Records an event that Airtable has. */
async function settled(address: string, event = anEvent()): Promise<void> {
  await service.optOuts.record(address, event);
  await service.optOuts.settle({ address, event });
}

async function textOf(format: 'table' | 'csv' | 'json'): Promise<string> {
  const { screen, text } = aScreen();
  await showOptOuts(service, screen, format);
  return text();
}

describe('the list of opt-outs', () => {
  test('is empty if no customer sent STOP', async () => {
    await service.put(ANN);

    expect(await list()).toEqual([]);
    expect(await textOf('table')).toBe('No address is opted out.\n');
  });

  test('names address, channel, time, word and customer, and that Airtable has it', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' }, BOB);
    await settled('+14155550101');

    expect(await list()).toEqual([
      {
        address: '+14155550101',
        channel: 'sms',
        since: '2026-11-01T10:00:00.000Z',
        word: 'STOP',
        customers: ['Ann Lee'],
        inAirtable: 'yes',
      },
    ]);
  });

  test('marks a pending opt-out, and one missing from its cell, as not in Airtable', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' }, BOB);
    await service.optOuts.record('+14155550101', anEvent());
    await settled('+14155550102');

    expect((await list()).map(({ inAirtable }) => inAirtable)).toEqual(['not yet', 'not yet']);
  });

  test('includes numbers without a customer', async () => {
    await settled('whatsapp:+14155550109', anEvent({ channel: 'whatsapp', keyword: 'PARA' }));

    expect(await list()).toMatchObject([
      { address: 'whatsapp:+14155550109', channel: 'whatsapp', word: 'PARA', inAirtable: 'no customer' },
    ]);
  });

  test('omits an opt-out that a later START or lift ended, and shows a new one after it', async () => {
    await settled('+14155550101', anEvent({ at: '2026-11-01T10:00:00.000Z' }));
    await settled(
      '+14155550101',
      anEvent({ kind: 'opt-in', keyword: 'START', at: '2026-11-02T10:00:00.000Z' }),
    );
    expect(await list()).toEqual([]);

    await settled('+14155550101', anEvent({ keyword: 'END', at: '2026-11-03T10:00:00.000Z' }));
    await settled('+14155550101', anEvent({ keyword: 'STOP', at: '2026-11-04T10:00:00.000Z' }));
    expect(await list()).toMatchObject([{ since: '2026-11-03T10:00:00.000Z', word: 'END' }]);
  });

  test('separates the channels', async () => {
    await settled('+14155550101', anEvent({ at: '2026-11-01T10:00:00.000Z' }));
    await settled('whatsapp:+14155550101', anEvent({ channel: 'whatsapp', at: '2026-11-02T10:00:00.000Z' }));
    await settled(
      '+14155550101',
      anEvent({ kind: 'opt-in', keyword: 'START', at: '2026-11-03T10:00:00.000Z' }),
    );

    expect((await list()).map(({ address, channel }) => [address, channel])).toEqual([
      ['whatsapp:+14155550101', 'whatsapp'],
    ]);
  });

  test('recognises an address in every spelling, and prints it as Twilio wrote it', async () => {
    await service.put({ ...ANN, sms: '+525512345678' });
    await settled('whatsapp:+5215512345678', anEvent({ channel: 'whatsapp' }));

    expect(await list()).toMatchObject([
      { address: 'whatsapp:+5215512345678', channel: 'whatsapp', customers: ['Ann Lee'] },
    ]);
  });

  test('names everyone who shares the address, once', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' }, { ...BOB, sms: ANN.sms });
    await settled('+14155550101');

    expect(await list()).toMatchObject([{ customers: ['Ann Lee', 'Bob'], inAirtable: 'not yet' }]);
  });

  test('includes the new number of a customer who sent STOP from the old one', async () => {
    await service.put({ ...ANN, sms: '+14155550199' });
    await service.optOuts.recordFor([ANN.recordId], anEvent());

    expect(await list()).toMatchObject([{ address: '+14155550199', customers: ['Ann Lee'] }]);
  });

  test('includes customers that only the base opts out, by any text', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' }, { ...BOB, optOutCell: 'unclear' });

    expect(
      (await list()).map(({ address, channel, since, word }) => [address, channel, since, word]),
    ).toEqual([
      ['+14155550101', 'any', null, 'ticked in Airtable'],
      ['+14155550102', 'any', null, 'unclear text in opt_out'],
    ]);
  });

  test('is in chronological order', async () => {
    await settled('+14155550102', anEvent({ at: '2026-11-02T10:00:00.000Z' }));
    await settled('+14155550101', anEvent({ at: '2026-11-01T10:00:00.000Z' }));

    expect((await list()).map(({ address }) => address)).toEqual(['+14155550101', '+14155550102']);
  });
});

describe('on the screen', () => {
  test('is a line for each address, in columns', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' });
    await settled('+14155550101');
    await settled('+14155550109', anEvent({ at: '2026-11-02T10:00:00.000Z', keyword: 'CANCEL' }));

    expect(await textOf('table')).toBe(
      [
        '+14155550101  SMS  since 2026-11-01 10:00 UTC  STOP    Ann Lee  in Airtable',
        '+14155550109  SMS  since 2026-11-02 10:00 UTC  CANCEL           no customer has it',
        '',
        '2 addresses are opted out.',
        '',
      ].join('\n'),
    );
  });

  test('never prints a customer’s control characters', async () => {
    await service.put({ ...ANN, name: 'Ann\u001b[2J\u202e\u0007 Lee\nEve', optOutCell: 'yes' });
    await settled('+14155550101', anEvent({ keyword: 'ST\u009bOP' }));

    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(await textOf('table')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(await textOf('table')).toContain('Ann Lee Eve');
  });
});

describe('as CSV', () => {
  test('has one header, and each cell reads back as it was', async () => {
    await service.put({ ...ANN, name: 'Lee, "Ann"\nthe first', optOutCell: 'yes' });
    await settled('+14155550101');

    const rows: unknown = parse(await textOf('csv'), { bom: true });

    expect(rows).toEqual([
      ['address', 'channel', 'since', 'word', 'customers', 'in_airtable'],
      ['+14155550101', 'sms', '2026-11-01T10:00:00.000Z', 'STOP', 'Lee, "Ann"\nthe first', 'yes'],
    ]);
  });

  test('is only the header if it is empty', async () => {
    expect(await textOf('csv')).toBe('\ufeffaddress,channel,since,word,customers,in_airtable\r\n');
  });

  test.each(['=1+1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|calc', '＝1+1', '\u200b=1'])(
    'escapes a name that starts like a formula: %j',
    async (name) => {
      await service.put({ ...ANN, name, optOutCell: 'yes' });
      await settled('+14155550101');

      const rows: string[][] = parse(await textOf('csv'), { bom: true });

      expect(rows[1]?.[4]).toBe(`'${name}`);
    },
  );
});

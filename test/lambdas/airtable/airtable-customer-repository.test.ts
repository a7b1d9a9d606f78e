import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AirtableCustomerRepository } from '../../../lambdas/airtable/airtable-customer-repository';
import { Deadline } from '../../../lambdas/deadline/deadline';
import { Journal } from '../../../lambdas/journal/journal';
import { type Address, parseAddress } from '../../../lambdas/phone-number/address';
import { type AirtableStandIn, startAirtable } from '../../../local/airtable/airtable-stand-in';
import {
  aBase,
  aCollaborator,
  type Columns,
  customersTable,
  type Row,
} from '../../../local/airtable/base-data';

let airtable: AirtableStandIn;
let journal: Journal;
beforeEach(() => {
  journal = new Journal();
});
afterEach(() => airtable.close());

async function directoryOf(customers: readonly Row[], columns: Columns = {}) {
  airtable = await startAirtable({
    base: aBase([customersTable(customers, columns)]),
    tokens: [{ token: 'patTest' }],
    shuffleUnsorted: true,
    limits: { requestsPerSecond: 'unlimited' },
  });
  return new AirtableCustomerRepository(
    {
      url: airtable.url,
      baseId: airtable.base.id,
      apiKey: 'patTest',
      templatesView: 'Grid view',
      defaultCountry: 'US',
    },
    { deadline: Deadline.in(10_000), journal },
  );
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`${text} is no address`);
  return parsed;
}

const SMS = address('+14155550123');
const WHATSAPP = address('whatsapp:+14155550123');
const cells = () => airtable.base.tables[0]?.records.map(({ fields }) => fields['opt_out']);

describe('customers at an address', () => {
  const rows: readonly Row[] = [
    { name: 'Other channel, no owner', whatsapp: '415-555-0123' },
    { name: 'Same channel, no owner', sms: '4155550123' },
    { name: 'Ends alike', sms: '+442125550123', owner: 'ana' },
    { name: 'Other channel', whatsapp: 'whatsapp:+14155550123', owner: 'ana' },
    { name: 'Same channel', sms: '(415) 555-0123', owner: 'ana' },
    { name: 'Same channel, younger', sms: '+1 415 555 0123', owner: 'bob' },
  ];

  test('come those on its channel first, then those with an owner, then the oldest', async () => {
    const directory = await directoryOf(rows);

    const names = (await directory.findByAddress([SMS])).map(({ name }) => name);

    expect(names).toEqual([
      'Same channel',
      'Same channel, younger',
      'Same channel, no owner',
      'Other channel',
      'Other channel, no owner',
    ]);
    expect(journal.entry()).toMatchObject({
      airtableRequests: 1,
      warnings: [expect.stringContaining('More than one customer has this number')],
    });
  });

  test('come in the other order for the other channel', async () => {
    const directory = await directoryOf(rows);

    expect((await directory.findByAddress([WHATSAPP]))[0]).toMatchObject({ name: 'Other channel' });
  });

  test('are none for a number that nobody has, or no address at all', async () => {
    const directory = await directoryOf(rows);

    expect(await directory.findByAddress([address('+14155550199')])).toEqual([]);
    expect(await directory.findByAddress([])).toEqual([]);
  });

  test('are found in a base that has a column for one channel only; without any, the base is named as wrong', async () => {
    const directory = await directoryOf([{ name: 'Jane', sms: '4155550123' }], { whatsapp: null });
    expect(await directory.findByAddress([WHATSAPP])).toMatchObject([{ name: 'Jane', sms: '+14155550123' }]);
    await airtable.close();

    const without = await directoryOf([{ name: 'Jane' }], { whatsapp: null, sms: null });
    await expect(without.findByAddress([SMS])).rejects.toThrow(
      'The table Customers has no column "sms", "whatsapp": add it to the base',
    );
  });
});

describe('an opt-out', () => {
  test('is set for everyone with the number, ten to a request, and for nobody else', async () => {
    const directory = await directoryOf([
      ...Array.from({ length: 23 }, () => ({ sms: '4155550123', opt_out: 'false' })),
      { sms: '+14155550199', opt_out: 'false' },
    ]);

    expect(await directory.setOptOut(SMS, true)).toEqual({ found: 23, changed: 23 });

    expect(cells()).toEqual([...Array(23).fill('true'), 'false']);
    const writes = airtable.requests.filter(({ method }) => method === 'PATCH');
    expect(writes).toHaveLength(3);
  });

  test('that is set already costs no write', async () => {
    const directory = await directoryOf([{ sms: '4155550123', opt_out: 'TRUE' }]);

    expect(await directory.setOptOut(SMS, true)).toEqual({ found: 1, changed: 0 });
    expect(airtable.requests).toHaveLength(1);
  });

  test.each([
    ['checkbox', [true, true], [undefined, undefined]],
    ['singleLineText', ['true', 'true'], ['false', 'false']],
  ] as const)('is written as a %s, and taken back', async (type, out, back) => {
    const filled = type === 'checkbox' ? true : 'true';
    const directory = await directoryOf([{ sms: '4155550123', opt_out: filled }, { sms: '4155550123' }], {
      opt_out: type,
    });

    await directory.setOptOut(SMS, true);
    expect(cells()).toEqual(out);
    await directory.setOptOut(SMS, false);
    expect(cells()).toEqual(back);
  });
});

describe('the owners', () => {
  test('are those whom the base knows, each once', async () => {
    const directory = await directoryOf([
      { owner: 'bob@example.com' },
      { owner: ' ana@example.com ' },
      { owner: 'bob@example.com' },
      {},
    ]);

    expect(await directory.listOwners()).toEqual(['ana@example.com', 'bob@example.com']);
  });

  test('go by their e-mail where they are collaborators', async () => {
    const directory = await directoryOf([{ owner: aCollaborator('Ana', 'ana@example.com') }], {
      owner: 'singleCollaborator',
    });

    expect(await directory.listOwners()).toEqual(['ana@example.com']);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mapCustomer, mappingVersionFor } from '../../../lambdas/airtable/customer-record';

const ID = 'recAAAAAAAAAAAAAA';
const map = (fields: Record<string, unknown>) =>
  mapCustomer({ id: ID, createdTime: '2026-01-01T00:00:00.000Z', fields }, { defaultCountry: 'US' });
const customerOf = (fields: Record<string, unknown>) => map(fields).customer;

test('a record becomes a customer, with its lookup keys', () => {
  expect(
    map({
      id: 7,
      name: '  Ann\n O’Hara ',
      sms: '(415) 555-0101',
      whatsapp: '+52 1 55 4444 0001',
      email: 'ann@example.com',
      linkedin: 'https://linkedin.com/in/ann',
      notes: 'Likes tea\n',
      owner: { id: 'usr1', email: 'bo@example.com', name: 'Bo' },
      avatar: 'https://example.com/a.png',
      opt_out: true,
      City: 'Rome',
    }),
  ).toEqual({
    customer: {
      recordId: ID,
      createdTime: '2026-01-01T00:00:00.000Z',
      id: '7',
      name: 'Ann O’Hara',
      sms: '+14155550101',
      whatsapp: expect.stringMatching(/^\+521?5544440001$/),
      email: 'ann@example.com',
      linkedin: 'https://linkedin.com/in/ann',
      notes: 'Likes tea',
      owner: 'bo@example.com',
      avatar: 'https://example.com/a.png',
      optOutCell: 'yes',
      addressKeys: ['phone:+14155550101', expect.stringMatching(/^phone:\+52/)],
      digitTails: [],
      columns: new Map([
        ['id', '7'],
        ['name', 'Ann\n O’Hara'],
        ['sms', '(415) 555-0101'],
        ['whatsapp', '+52 1 55 4444 0001'],
        ['email', 'ann@example.com'],
        ['linkedin', 'https://linkedin.com/in/ann'],
        ['notes', 'Likes tea'],
        ['owner', 'bo@example.com'],
        ['avatar', 'https://example.com/a.png'],
        ['opt_out', 'true'],
        ['City', 'Rome'],
      ]),
    },
    hash: expect.stringMatching(/^[\w-]{43}$/),
    avatarExpires: false,
    sortName: "ann o'hara",
    searchName: "ann o'hara",
    searchDigits: expect.stringMatching(/4155550101.*5544440001/),
    mappingVersion: mappingVersionFor('US'),
    lacksNumbers: false,
  });
});

test('a blank record is a customer too', () => {
  expect(customerOf({})).toMatchObject({
    id: ID,
    name: null,
    sms: null,
    whatsapp: null,
    owner: null,
    optOutCell: 'no',
    addressKeys: [],
    columns: new Map(),
  });
});

test('the mapping version changes with the country', () => {
  expect(mappingVersionFor('US')).not.toBe(mappingVersionFor('DE'));
});

describe('the id', () => {
  test.each([
    ['x'.repeat(256), 'x'.repeat(256)],
    ['x'.repeat(257), ID],
    [' A-1 ', 'A-1'],
    ['', ID],
    [[], ID],
    [0, '0'],
  ])('%j is %j', (cell, id) => {
    expect(customerOf({ id: cell }).id).toBe(id);
  });
});

describe('the name', () => {
  test.each([
    ['Ann\u0007\u001b[31m Lee', 'Ann Lee'],
    ['Ann\u202e Lee', 'Ann Lee'],
    ['\u200bAnn\u00ad', 'Ann'],
    ['Ann\t\r\n\u2003 Lee', 'Ann Lee'],
    ['\u200b', null],
    ['\u0301', null],
    ['\u200d', null],
    ['می\u200cنویسم', 'می\u200cنویسم'],
    ['👩\u200d🔬 Mae', '👩\u200d🔬 Mae'],
    ['👩\u200d', '👩'],
    ['🛑', '🛑'],
    ['李', '李'],
  ])('%j is %j', (cell, name) => {
    expect(customerOf({ name: cell }).name).toBe(name);
  });
});

describe('opt_out', () => {
  test.each([
    ['Opted out', 'unclear'],
    [{ error: '#ERROR!' }, 'unclear'],
    ['✓', 'yes'],
    [false, 'no'],
  ])('%j is %j', (cell, meaning) => {
    expect(customerOf({ opt_out: cell }).optOutCell).toBe(meaning);
  });
});

describe('number cells', () => {
  test('with two numbers have two addresses, and no number to write to', () => {
    const customer = customerOf({ sms: '+14155550102 / +14155550103' });

    expect(customer.sms).toBeNull();
    expect(customer.addressKeys).toEqual(['phone:+14155550102', 'phone:+14155550103']);
  });

  test('that cannot be read have digit tails', () => {
    expect(customerOf({ whatsapp: 'call 12 34567890123456789 x' })).toMatchObject({
      whatsapp: null,
      addressKeys: [],
      digitTails: expect.arrayContaining(['3456789']),
    });
  });

  test('with the same number in both columns have one address', () => {
    expect(customerOf({ sms: '+14155550102', whatsapp: '415 555 0102' }).addressKeys).toHaveLength(1);
  });

  test('may be a number column, or a lookup', () => {
    expect(customerOf({ sms: 4155550102, whatsapp: ['+14155550103'] })).toMatchObject({
      sms: '+14155550102',
      whatsapp: '+14155550103',
    });
  });
});

describe('the avatar', () => {
  const url = 'https://v5.airtableusercontent.com/v3/u/1/a.png';

  test('that is an attachment expires; one that is an address does not', () => {
    expect(map({ avatar: [{ id: 'att1', url, type: 'image/png' }] })).toMatchObject({
      customer: { avatar: url },
      avatarExpires: true,
    });
    expect(map({ avatar: 'https://example.com/a.png' })).toMatchObject({ avatarExpires: false });
    expect(map({})).toMatchObject({ customer: { avatar: null }, avatarExpires: false });
  });

  test('with an address that browsers do not accept is left out', () => {
    expect(customerOf({ avatar: `https://example.com/${'x'.repeat(2_000)}` }).avatar).toBeNull();
  });
});

describe('the hash', () => {
  const attachment = (id: string, link: string) => ({
    name: 'Ann',
    avatar: [{ id, url: `https://v5.airtableusercontent.com/${link}/a.png`, type: 'image/png' }],
    files: `a.png (https://v5.airtableusercontent.com/${link}/a.png)`,
  });

  test('is the same when Airtable makes new links to the same attachments, and differs for another attachment', () => {
    expect(map(attachment('att1', 'one')).hash).toBe(map(attachment('att1', 'two')).hash);
    expect(map(attachment('att1', 'one')).hash).not.toBe(map(attachment('att2', 'one')).hash);
  });

  test('does not depend on the order of columns', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        expect(map(reversed).hash).toBe(map(fields).hash);
      }),
    );
  });

  test.each([
    ['name', 'Ann'],
    ['sms', '+14155550199'],
    ['opt_out', 'maybe'],
    ['City', 'Rome'],
    ['avatar', 'https://example.com/b.png'],
  ])('changes with %s', (column, value) => {
    const fields = { name: 'Bo', sms: '+14155550101' };

    expect(map({ ...fields, [column]: value }).hash).not.toBe(map(fields).hash);
  });

  test('changes with a column that is renamed', () => {
    expect(map({ a: 'x', b: 'y' }).hash).not.toBe(map({ a: 'y', b: 'x' }).hash);
  });
});

describe('with any cell content,', () => {
  const column = fc.constantFrom(
    'id',
    'name',
    'sms',
    'whatsapp',
    'email',
    'linkedin',
    'notes',
    'owner',
    'avatar',
    'opt_out',
    'other',
    '__proto__',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('0', '5', '+', ' ', '(', ';', 'x', '\ud800', '\u200d', '٣') }),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((unit) => unit.repeat(5_000)),
  );
  const cell = fc.oneof(fc.jsonValue(), text, fc.array(text), fc.record({ email: text, name: text }));

  test('the record is mapped, and an unreadable opt-out does not count as a no', () => {
    fc.assert(
      fc.property(fc.dictionary(column, cell), (fields) => {
        const { customer, hash } = map(fields);
        expect(customer.recordId).toBe(ID);
        expect(customer.id.length).toBeLessThanOrEqual(256);
        expect(hash).toHaveLength(43);
        expect(customer.name ?? 'x').not.toMatch(/\p{Cc}|\u202e|^$/u);
      }),
    );
  });

  test('a cell whose reader throws does not lose the others', () => {
    let deep: unknown = 'bottom';
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];

    expect(
      customerOf({ name: 'Ann', sms: '+14155550101', owner: deep, opt_out: deep, other: deep }),
    ).toMatchObject({
      name: 'Ann',
      sms: '+14155550101',
      owner: null,
      optOutCell: 'unclear',
    });
  });
});

import { describe, expect, jest, test } from '@jest/globals';
import { airtableStep } from '../../../cli/airtable/plan-airtable';
import { DATA_CHECKS } from '../../../cli/doctor/data-checks';
import { type DoctorContext, doctorContext, SkippedError } from '../../../cli/doctor/doctor-context';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import {
  aCollaborator,
  type Columns,
  customersTable,
  type Row,
  templatesTable,
} from '../../../emulators/airtable/base-data';
import { EDGE_CASE_CUSTOMERS } from '../../../emulators/seed/edge-case-customers';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { ACCOUNT_SID, AUTH_TOKEN, aTwilio } from '../../emulators/twilio/account';
import { FAST, settingsFor } from '../airtable/team';
import { examine, examineOne, idsWith } from './examine';

const ANA = 'ana@example.com';
const LEAVER = 'leaver@example.com';

interface Team {
  readonly customers?: readonly Row[];
  readonly templates?: readonly Row[];
  readonly customerColumns?: Columns;
  readonly templateColumns?: Columns;
}

const aTeam = ({ customers = [], templates = [], customerColumns, templateColumns }: Team) =>
  serve([customersTable(customers, customerColumns), templatesTable(templates, templateColumns)]);

/** The doctor's context for one base, and an account of Twilio with two app users. */
async function contextOf(
  emulator: AirtableEmulator,
  settings: Record<string, string> = {},
): Promise<DoctorContext> {
  const twilio = await aTwilio({ users: [{ identity: ANA }, { identity: LEAVER, state: 'deactivated' }] });
  const account = { ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_URL: twilio.url };
  return doctorContext({}, FAST, { settings: () => settingsFor(emulator, { ...account, ...settings }) });
}

async function run(emulator: AirtableEmulator, id: string, settings?: Record<string, string>) {
  return examineOne(DATA_CHECKS, id, await contextOf(emulator, settings));
}

async function findings(emulator: AirtableEmulator, id: string, settings?: Record<string, string>) {
  const outcome = await run(emulator, id, settings);
  return outcome.status === 'fail' ? outcome.findings?.map(({ what }) => what) : outcome.status;
}

/** Every check without its dependencies. */
const ALONE = DATA_CHECKS.map((check) => ({ ...check, dependsOn: [] }));

/** The failed checks, by id. */
async function wrong(emulator: AirtableEmulator) {
  return idsWith(await examine(ALONE, await contextOf(emulator)), 'fail');
}

const GOOD = {
  customers: [{ name: 'Ann', sms: '+14155550101', whatsapp: '+14155550101', owner: ANA }, {}],
  templates: [{ title: 'Hello', category: 'Openers', text: 'Hello {{name|there}}, this is {{worker}}' }, {}],
};

test('good data passes every check, and is read once for all of them', async () => {
  const emulator = await aTeam(GOOD);

  expect(await wrong(emulator)).toEqual([]);
  expect(emulator.requests.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
    `${emulator.base.id}/tables`,
    'Customers/listRecords',
    'Templates/listRecords',
  ]);
});

test('the sample rows of a setup are good data', async () => {
  const emulator = await serve([]);
  const step = airtableStep({ settings: settingsFor(emulator), sampleRows: true, pacing: FAST });
  for (const change of (await step.plan()).changes) await change.apply(() => {});

  expect(await wrong(emulator)).toEqual([]);
});

test('one fault fails one check', async () => {
  const withCustomer = (row: Row) => aTeam({ ...GOOD, customers: [...GOOD.customers, row] });
  const withTemplate = (row: Row) => aTeam({ ...GOOD, templates: [...GOOD.templates, row] });

  expect(await wrong(await withCustomer({ name: 'Bob', sms: 'ask Ben', owner: ANA }))).toEqual([
    'data-numbers',
  ]);
  expect(await wrong(await withCustomer({ name: 'Bob', sms: '(415) 555-0101', owner: ANA }))).toEqual([
    'data-duplicates',
  ]);
  expect(await wrong(await withCustomer({ name: 'Bob', owner: 'bob@example.com' }))).toEqual(['data-owners']);
  expect(await wrong(await withCustomer({ name: 'Bob' }))).toEqual(['data-without-owner']);
  expect(await wrong(await withTemplate({ text: 'Hello {{surname}}' }))).toEqual(['data-merge-fields']);
  expect(
    await wrong(await withTemplate({ category: 'Openers', text: 'Hi', whatsAppApproved: true })),
  ).toEqual(['data-approved-templates']);
});

test('every finding names the record, and links to it', async () => {
  const emulator = await aTeam({ customers: [{ name: ' Ann\nLee ', sms: 'none' }, { sms: 'neither' }] });
  const [table] = emulator.base.tables;
  const [ann, nameless] = table?.records ?? [];
  const page = `https://airtable.com/${emulator.base.id}/${table?.id}`;

  expect(await run(emulator, 'data-numbers')).toEqual({
    status: 'fail',
    message: '2 cells without a usable number',
    fix: expect.stringContaining('+14155550123'),
    findings: [
      { what: 'Ann Lee: sms is "none"', link: `${page}/${ann?.id}` },
      { what: `record ${nameless?.id}: sms is "neither"`, link: `${page}/${nameless?.id}` },
    ],
  });
});

describe('numbers', () => {
  test('are read in both columns, as the service reads them', async () => {
    const emulator = await aTeam({
      customers: [
        { name: 'Typed', sms: '(415) 555-0102', whatsapp: 'whatsapp:+1 415 555 0103' },
        { name: 'London', sms: '020 7946 0999' },
        { name: 'Short', whatsapp: '24587' },
        { name: 'Both', sms: '-', whatsapp: 'n/a' },
        { name: 'Arabic', sms: '+٤٤٢٠٧٩٤٦٠٩٩٨' },
      ],
    });

    expect(await findings(emulator, 'data-numbers')).toEqual([
      'London: sms is "020 7946 0999"',
      'Short: whatsapp is "24587"',
      'Both: sms is "-"',
      'Both: whatsapp is "n/a"',
    ]);
    expect(await findings(emulator, 'data-numbers', { DEFAULT_COUNTRY: 'GB' })).not.toContain(
      'London: sms is "020 7946 0999"',
    );
  });

  test('that do not exist in their country are named as a typo', async () => {
    const emulator = await aTeam({ customers: [{ name: 'Slip', sms: '+1415555010' }] });

    expect(await findings(emulator, 'data-numbers')).toEqual([
      'Slip: sms is "+1415555010", which is not a valid number of its country',
    ]);
  });

  test('that share a cell are named, and each is compared with other customers', async () => {
    const emulator = await aTeam({
      customers: [
        { name: 'Two', sms: '+14155550101 / +14155550102' },
        { name: 'Kim', sms: '+14155550102' },
        { name: 'Id', sms: 'US.13491208655302741918' },
      ],
    });

    expect(await findings(emulator, 'data-several-numbers')).toEqual([
      'Two: sms is "+14155550101 / +14155550102"',
    ]);
    expect(await findings(emulator, 'data-duplicates')).toEqual([
      '+14155550102: Two',
      '+14155550102: Kim, also used by Two',
    ]);
  });

  test('that two customers share are found in any spelling and in either column', async () => {
    const emulator = await aTeam({
      customers: [
        { name: 'Pat', sms: '+14155550101' },
        { name: 'Own', sms: '+14155550102', whatsapp: '(415) 555-0102' },
        { name: 'Kim', whatsapp: '(415) 555-0101' },
        { name: 'Lou', sms: '001 415 555 0101' },
      ],
    });

    expect(await findings(emulator, 'data-duplicates')).toEqual([
      '+14155550101: Pat',
      '+14155550101: Kim, also used by Pat',
      '+14155550101: Lou, also used by Pat',
    ]);
  });
});

test('customers who share two numbers are two customers', async () => {
  const both = { sms: '+14155550101', whatsapp: '+14155550102', owner: ANA };
  const emulator = await aTeam({
    customers: [
      { name: 'Pat', ...both },
      { name: 'Kim', ...both },
    ],
  });

  expect(await run(emulator, 'data-duplicates')).toMatchObject({
    message: expect.stringMatching(/^2 customers /),
  });
  expect(await findings(emulator, 'data-duplicates')).toHaveLength(4);
});

describe('owners', () => {
  test('who are not Frontline users are named once, with how many customers they have', async () => {
    const emulator = await aTeam({
      customers: [
        { name: 'Ann', owner: ANA },
        { name: 'Bob', owner: 'gone@example.com' },
        { name: 'Cy', owner: ' gone@example.com ' },
        { name: 'Di', owner: 'Ana Beltrán' },
        { name: 'Ed', owner: LEAVER },
      ],
    });

    expect(await run(emulator, 'data-owners')).toMatchObject({
      message: expect.stringMatching(/^3 owners/),
      findings: [
        { what: 'gone@example.com: 2 customers, such as Bob' },
        { what: 'Ana Beltrán: 1 customer, such as Di' },
        { what: `${LEAVER} (deactivated): 1 customer, such as Ed` },
      ],
    });
  });

  test('are workers of the inbox where the service routes, and Frontline is not asked', async () => {
    const emulator = await aTeam({
      customers: [
        { name: 'Ann', owner: ANA },
        { name: 'Bob', owner: 'gone@example.com' },
        { name: 'Ed', owner: LEAVER },
      ],
    });
    const context = {
      ...(await contextOf(emulator, { INBOX: 'true', ROUTING: 'service' })),
      inboxWorkers: async () => [
        { identity: ANA, isActive: true },
        { identity: LEAVER, isActive: false },
      ],
    };
    const asked = jest.spyOn(context.twilio().account, 'frontlineUserState');

    expect(await examineOne(DATA_CHECKS, 'data-owners', context)).toMatchObject({
      message: '2 owners not among the workers of the inbox',
      fix: expect.stringContaining('npx frontline inbox'),
      findings: [
        { what: 'gone@example.com: 1 customer, such as Bob' },
        { what: `${LEAVER} (removed): 1 customer, such as Ed` },
      ],
    });
    expect(asked).not.toHaveBeenCalled();
  });

  test('are skipped where the workers of the inbox cannot be read', async () => {
    const emulator = await aTeam({ customers: [{ name: 'Ann', owner: ANA }] });
    const context = {
      ...(await contextOf(emulator, { INBOX: 'true', ROUTING: 'service' })),
      inboxWorkers: async () => {
        throw new SkippedError('cannot read the workers of the inbox', 'npx frontline setup --inbox');
      },
    };

    expect(await examineOne(DATA_CHECKS, 'data-owners', context)).toMatchObject({ status: 'skip' });
  });

  test('are requested once each', async () => {
    const emulator = await aTeam({ customers: Array.from({ length: 9 }, () => ({ name: 'x', owner: ANA })) });
    const context = await contextOf(emulator);
    const asked = jest.spyOn(context.twilio().account, 'frontlineUserState');

    await examineOne(DATA_CHECKS, 'data-owners', context);

    expect(asked.mock.calls).toEqual([[ANA]]);
  });

  test('may be collaborators, who are identified by their e-mail', async () => {
    const customers = [{ name: 'Ann', owner: aCollaborator('Ana', ANA) }];
    const emulator = await aTeam({ customers, customerColumns: { owner: 'singleCollaborator' } });

    expect(await findings(emulator, 'data-owners')).toBe('pass');
    expect(await findings(emulator, 'data-without-owner')).toBe('pass');
  });

  test('are reported as missing for each customer, but not for blank rows', async () => {
    const emulator = await aTeam({
      customers: [{ name: 'Ann', owner: '  ' }, {}, { sms: '+14155550102' }, { notes: 'A note' }],
    });
    const records = emulator.base.tables[0]?.records;

    expect(await findings(emulator, 'data-without-owner')).toEqual(['Ann', `record ${records?.[2]?.id}`]);
  });
});

describe('templates', () => {
  test('with a field that is not a column and has no default are named', async () => {
    const emulator = await aTeam({
      customerColumns: { City: 'singleLineText' },
      templates: [
        { title: 'Right', text: '{{NAME}} {{ city }} {{worker}} {{Owner}} {{surname|dear customer}}' },
        { title: 'Wrong', text: 'Dear {{surname}}, from {{technician}}' },
        { title: 'Empty', text: 'Dear {{}}' },
        { title: 'Open', text: 'Hello {{name, just wanted to' },
        { title: 'Open and wrong', text: '{{surname}} {{name' },
        { title: 'Unfinished' },
      ],
    });

    expect(await findings(emulator, 'data-merge-fields')).toEqual([
      'Wrong: {{surname}} is not a column of Customers, {{technician}} is not a column of Customers',
      'Empty: {{}} is not a column of Customers',
      'Open: a field has no closing braces',
      'Open and wrong: {{surname}} is not a column of Customers, a field has no closing braces',
    ]);
  });

  test('outside the view are ignored, because the service does not read them', async () => {
    const emulator = await aTeam({
      templates: [
        { title: 'Ready', text: 'Hi {{surname}}' },
        { title: 'Draft', text: 'Dear {{title}}', category: 'Drafts' },
        { title: 'Draft', text: 'Hello', category: 'Drafts', whatsAppApproved: true },
      ],
    });
    const view = emulator.base.tables[1]?.views[0];
    if (view !== undefined) view.filterByFormula = "{category} != 'Drafts'";

    expect(await findings(emulator, 'data-merge-fields')).toEqual([
      'Ready: {{surname}} is not a column of Customers',
    ]);
    expect(await findings(emulator, 'data-approved-templates')).toBe('pass');
  });

  test('are all checked, however many there are', async () => {
    const many = Array.from({ length: 250 }, () => ({ text: 'Hello' }));
    const emulator = await aTeam({ templates: [...many, { title: 'Last', text: '{{surname}}' }] });

    expect(await findings(emulator, 'data-merge-fields')).toHaveLength(1);
  });

  test('are named by their text if they have no title', async () => {
    const text = `Hello {{surname}}, ${'we are glad to see you again '.repeat(9)}`;
    const untitled = await aTeam({ templates: [{ text }] });
    const named = await aTeam({ templates: [{ text }], templateColumns: { title: null } });

    for (const emulator of [untitled, named]) {
      expect(await findings(emulator, 'data-merge-fields')).toEqual([
        expect.stringMatching(/^Hello \{\{surname\}\}, we are glad .{10,40}…: /),
      ]);
    }
  });

  test('approved by WhatsApp need a category of their own: the smaller group of a mixed one is named', async () => {
    const emulator = await aTeam({
      templates: [
        { title: 'A', category: 'Openers', text: 'a', whatsAppApproved: true },
        { title: 'B', category: 'Openers', text: 'b' },
        { title: 'C', category: 'Openers', text: 'c' },
        { title: 'D', category: 'Visits', text: 'd', whatsAppApproved: true },
        { title: 'E', category: 'Visits', text: 'e', whatsAppApproved: true },
        { title: 'F', category: 'Visits', text: 'f' },
        { title: 'G', category: 'WhatsApp', text: 'g', whatsAppApproved: true },
        { title: 'H', category: 'Replies', text: 'h' },
        { title: 'I', text: 'i', whatsAppApproved: true },
        { title: 'J', text: 'j' },
        { title: 'K', category: 'Replies', whatsAppApproved: true },
      ],
    });

    expect(await findings(emulator, 'data-approved-templates')).toEqual([
      'A: approved, in "Openers" with others',
      'F: not approved, in "Visits" with approved',
      'I: approved, in "Other" with others',
    ]);
  });
});

describe('data that cannot be read', () => {
  test('is skipped if the token may not read the columns', async () => {
    const emulator = await serve([customersTable([])], {
      tokens: [{ token: TOKEN, scopes: ['data.records:read'] }],
    });

    for (const result of (await examine(ALONE, await contextOf(emulator))).values()) {
      expect(result).toMatchObject({ status: 'skip', fix: expect.stringContaining('schema.bases:read') });
    }
  });

  test('waits for the checks that it depends on', async () => {
    const dependsOn = Object.fromEntries(DATA_CHECKS.map((check) => [check.id, check.dependsOn]));

    expect(dependsOn['data-owners']).toEqual([
      'configuration',
      'airtable-token',
      'table-customers',
      'twilio-token',
      'default-worker',
    ]);
    expect(dependsOn['data-merge-fields']).toEqual([
      'configuration',
      'airtable-token',
      'table-customers',
      'table-templates',
    ]);
    expect(dependsOn['data-approved-templates']).toEqual([
      'configuration',
      'airtable-token',
      'table-templates',
    ]);
  });
});

test('the oddest rows that a table can hold are checked, and every finding has a page', async () => {
  const emulator = await aTeam({
    customers: EDGE_CASE_CUSTOMERS,
    customerColumns: { company: 'singleLineText', city: 'singleLineText' },
  });

  for (const outcome of (await examine(ALONE, await contextOf(emulator))).values()) {
    const found = outcome.status === 'fail' ? (outcome.findings ?? []) : [];
    for (const { what, link } of found) {
      expect(what).not.toBe('');
      expect(link).toMatch(/^https:\/\/airtable\.com\/app\w{14}\/tbl\w{14}\/rec\w{14}$/);
    }
  }
  expect(await wrong(emulator)).toEqual([
    'data-numbers',
    'data-several-numbers',
    'data-opt-out-texts',
    'data-duplicates',
    'data-without-owner',
    'data-owners',
  ]);
});

test('a text in opt_out that means neither yes nor no is named, with its effect', async () => {
  const emulator = await aTeam({
    customers: [
      { name: 'Ann', owner: ANA, opt_out: 'no more please' },
      { name: 'Bob', owner: ANA, opt_out: 'Yes' },
      { name: 'Cy', owner: ANA, opt_out: 'false' },
    ],
    customerColumns: {
      name: 'singleLineText',
      sms: 'singleLineText',
      whatsapp: 'singleLineText',
      owner: 'singleLineText',
      opt_out: 'singleLineText',
    },
  });

  expect(await run(emulator, 'data-opt-out-texts')).toMatchObject({
    status: 'fail',
    message: '1 cell meaning neither yes nor no: messages to the customer are rejected',
    findings: [{ what: 'Ann: opt_out is "no more please"' }],
  });
});

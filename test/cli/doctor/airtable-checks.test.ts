import { describe, expect, test } from '@jest/globals';
import { AIRTABLE_CHECKS } from '../../../cli/doctor/airtable-checks';
import type {
  AirtableEmulator,
  AirtableOptions,
  TableData,
} from '../../../emulators/airtable/airtable-emulator';
import { customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { settingsFor } from '../airtable/team';
import { examine } from './examine';

const RECORDS = ['data.records:read', 'data.records:write'];
const ALL = [...RECORDS, 'schema.bases:read', 'webhook:manage'];

const aTeam = (options: Partial<AirtableOptions> = {}, tables = [customersTable([]), templatesTable([])]) =>
  serve(tables, options);
const withScopes = (scopes: readonly string[], tables?: TableData[]) =>
  aTeam({ tokens: [{ token: TOKEN, scopes }] }, tables);

/** Each result by its check's id, including skipped ones. */
async function lines(emulator: AirtableEmulator, settings: Record<string, string> = {}) {
  return Object.fromEntries(
    await examine(AIRTABLE_CHECKS, { settings: () => settingsFor(emulator, settings) }),
  );
}

async function statuses(emulator: AirtableEmulator, settings?: Record<string, string>) {
  const outcomes = await lines(emulator, settings);
  return Object.values(outcomes).map(({ status }) => status);
}

test('a correct base passes every check, and is not changed', async () => {
  const emulator = await withScopes(ALL);
  const before = structuredClone(emulator.base);

  expect(await lines(emulator)).toEqual({
    'airtable-token': {
      status: 'pass',
      message: `reads and writes the records of the base ${emulator.base.id}`,
    },
    'table-customers': {
      status: 'pass',
      message: expect.any(String),
    },
    'table-templates': {
      status: 'pass',
      message: expect.any(String),
    },
  });
  expect(emulator.base).toEqual(before);
});

describe('the token', () => {
  test.each([
    ['data.records:read', ALL.filter((scope) => scope !== 'data.records:read')],
    ['data.records:write', ALL.filter((scope) => scope !== 'data.records:write')],
  ])('without the scope %s fails only its own check', async (scope, scopes) => {
    const emulator = await withScopes(scopes);

    expect(await statuses(emulator)).toEqual(['fail', 'skip', 'skip']);
    expect((await lines(emulator))['airtable-token']).toMatchObject({
      message: expect.stringContaining(scope),
      fix: expect.stringContaining(`Scopes > Add a scope > ${scope}`),
    });
  });

  test('of another base fails only its own check, and the bases that it sees are named', async () => {
    const emulator = await aTeam();
    const settings = { AIRTABLE_BASE_ID: 'appAnother' };

    expect(await statuses(emulator, settings)).toEqual(['fail', 'skip', 'skip']);
    expect((await lines(emulator, settings))['airtable-token']?.message).toContain(emulator.base.id);
  });

  test('without schema.bases:read skips the tables, with the fix', async () => {
    const emulator = await withScopes(RECORDS);

    expect(await statuses(emulator)).toEqual(['limited', 'skip', 'skip']);
    expect((await lines(emulator))['table-customers']).toMatchObject({
      fix: expect.stringMatching(/the scope schema\.bases:read.*AIRTABLE_SETUP_API_KEY/),
    });
  });

  test('for setup may be another, and is checked too', async () => {
    const settings = { AIRTABLE_SETUP_API_KEY: 'patSetup' };
    const runtime = { token: TOKEN, scopes: RECORDS };
    const good = await aTeam({ tokens: [runtime, { token: 'patSetup', scopes: ['schema.bases:read'] }] });
    const unknown = await aTeam({ tokens: [runtime] });

    expect(await statuses(good, settings)).toEqual(['limited', 'pass', 'pass']);
    expect(await lines(unknown, settings)).toMatchObject({
      'airtable-token': { status: 'fail', message: expect.stringContaining('AIRTABLE_SETUP_API_KEY') },
      'table-customers': { status: 'skip' },
      'table-templates': { status: 'skip' },
    });
  });

  test('passes if the base has no table to try it on, and the tables fail', async () => {
    const emulator = await aTeam({}, []);

    expect(await statuses(emulator)).toEqual(['pass', 'fail', 'fail']);
  });
});

describe('a table', () => {
  test.each([
    ['owner', 'no worker has any customers'],
    ['opt_out', 'customers cannot opt out'],
    ['whatsapp', 'customers cannot be reached or recognised by WhatsApp'],
  ])('without the column %s fails only its own check, with the fix', async (column, loss) => {
    const emulator = await aTeam();
    emulator.edit.removeField('Customers', column);

    expect(await statuses(emulator)).toEqual(['pass', 'fail', 'pass']);
    expect((await lines(emulator))['table-customers']).toEqual({
      status: 'fail',
      message: `Customers has no column ${column}: ${loss}`,
      fix: 'npx frontline setup',
    });
  });

  test('that is missing or renamed fails only its own check', async () => {
    const gone = await aTeam({}, [templatesTable([])]);
    const renamed = await aTeam();
    renamed.edit.renameTable('Templates', 'Message templates');

    expect(await statuses(gone)).toEqual(['pass', 'fail', 'pass']);
    expect(await statuses(renamed)).toEqual(['pass', 'pass', 'fail']);
  });

  test('with several faults names each', async () => {
    const table = customersTable([], { owner: 'multipleRecordLinks', sms: null, notes: null });
    const emulator = await aTeam({}, [table, templatesTable([])]);

    expect((await lines(emulator))['table-customers']).toEqual({
      status: 'fail',
      message: '3 problems',
      fix: expect.stringMatching(/^In Airtable, .*arrow beside owner.*; npx frontline setup$/),
      findings: [
        { what: expect.stringContaining('The column owner of Customers is of type'), link: null },
        { what: expect.stringContaining('no column sms'), link: null },
        { what: expect.stringContaining('no column notes'), link: null },
      ],
    });
  });

  test('of templates without the view that orders them fails', async () => {
    const emulator = await aTeam();
    const settings = { AIRTABLE_TEMPLATES_VIEW: 'For the app' };

    expect(await statuses(emulator, settings)).toEqual(['pass', 'pass', 'fail']);
    expect((await lines(emulator, settings))['table-templates']?.message).toContain('no view "For the app"');
  });
});

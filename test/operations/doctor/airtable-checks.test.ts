import { describe, expect, test } from '@jest/globals';
import { Misconfigured } from '../../../lambdas/errors/errors';
import type { AirtableOptions, AirtableStandIn, TableData } from '../../../local/airtable/airtable-stand-in';
import { aTable, customersTable, templatesTable } from '../../../local/airtable/base-data';
import { airtableChecks } from '../../../operations/doctor/airtable-checks';
import { examine } from '../../../operations/doctor/examine';
import { serve, TOKEN } from '../../local/airtable/serve';
import { FAST, settingsFor } from '../airtable/team';

const RECORDS = ['data.records:read', 'data.records:write'];
const ALL = [...RECORDS, 'schema.bases:read', 'webhook:manage'];

const aTeam = (options: Partial<AirtableOptions> = {}, tables = [customersTable([]), templatesTable([])]) =>
  serve(tables, options);
const withScopes = (scopes: readonly string[], tables?: TableData[]) =>
  aTeam({ tokens: [{ token: TOKEN, scopes }] }, tables);

/** Each line by its id, with those that are hidden by a wrong one. */
async function lines(standIn: AirtableStandIn, settings: Record<string, string> = {}) {
  const checks = airtableChecks({ settings: () => settingsFor(standIn, settings), pacing: FAST });
  const examined = await examine(checks, () => {});
  return Object.fromEntries(examined.map(({ check, outcome }) => [check.id, outcome]));
}

async function verdicts(standIn: AirtableStandIn, settings?: Record<string, string>) {
  const outcomes = await lines(standIn, settings);
  return Object.values(outcomes).map(({ verdict }) => verdict);
}

test('a base as it should be is right in every line, and is not changed', async () => {
  const standIn = await withScopes(ALL);
  const before = structuredClone(standIn.base);

  expect(await lines(standIn)).toEqual({
    'airtable-token': {
      verdict: 'right',
      says: `reads and writes the records of the base ${standIn.base.id}`,
    },
    'table-customers': {
      verdict: 'right',
      says: 'has name, sms, whatsapp, email, linkedin, notes, owner, avatar, opt_out, of types that fit',
    },
    'table-templates': { verdict: 'right', says: 'has category, text, whatsAppApproved, of types that fit' },
  });
  expect(standIn.base).toEqual(before);
});

test('a configuration that is wrong is looked at only when a check runs', () => {
  const settings = () => {
    throw new Misconfigured(['AIRTABLE_BASE_ID is missing']);
  };

  const checks = airtableChecks({ settings });

  expect(checks.every(({ needs }) => needs.includes('configuration'))).toBe(true);
});

describe('the token', () => {
  test.each([
    ['data.records:read', ALL.filter((scope) => scope !== 'data.records:read')],
    ['data.records:write', ALL.filter((scope) => scope !== 'data.records:write')],
  ])('without the scope %s is the one line that is wrong', async (scope, scopes) => {
    const standIn = await withScopes(scopes);

    expect(await verdicts(standIn)).toEqual(['wrong', 'unknown', 'unknown']);
    expect((await lines(standIn))['airtable-token']).toMatchObject({
      says: expect.stringContaining(scope),
      remedy: expect.stringContaining(`Scopes > Add a scope > ${scope}`),
    });
  });

  test('that Airtable does not know is the one line that is wrong', async () => {
    const standIn = await aTeam({ tokens: [{ token: 'patOther' }] });

    expect(await verdicts(standIn)).toEqual(['wrong', 'unknown', 'unknown']);
  });

  test('of another base is the one line that is wrong, and the bases it sees are named', async () => {
    const standIn = await aTeam();
    const settings = { AIRTABLE_BASE_ID: 'appAnother' };

    expect(await verdicts(standIn, settings)).toEqual(['wrong', 'unknown', 'unknown']);
    expect((await lines(standIn, settings))['airtable-token']?.says).toContain(standIn.base.id);
  });

  test('without schema.bases:read leaves the tables unknown, and says how to make them known', async () => {
    const standIn = await withScopes(RECORDS);

    expect(await verdicts(standIn)).toEqual(['limited', 'unknown', 'unknown']);
    expect((await lines(standIn))['table-customers']).toMatchObject({
      remedy: expect.stringMatching(/the scope schema\.bases:read.*AIRTABLE_SETUP_API_KEY/),
    });
  });

  test('for set-up may be another, and is looked at too', async () => {
    const settings = { AIRTABLE_SETUP_API_KEY: 'patSetup' };
    const runtime = { token: TOKEN, scopes: RECORDS };
    const good = await aTeam({ tokens: [runtime, { token: 'patSetup', scopes: ['schema.bases:read'] }] });
    const unknown = await aTeam({ tokens: [runtime] });

    expect(await verdicts(good, settings)).toEqual(['limited', 'right', 'right']);
    expect(await lines(unknown, settings)).toMatchObject({
      'airtable-token': { verdict: 'wrong', says: expect.stringContaining('AIRTABLE_SETUP_API_KEY') },
      'table-customers': { verdict: 'unknown' },
      'table-templates': { verdict: 'unknown' },
    });
  });

  test('is right where the base has no table to try it on, and the tables are wrong', async () => {
    const standIn = await aTeam({}, []);

    expect(await verdicts(standIn)).toEqual(['right', 'wrong', 'wrong']);
  });

  test('cannot be told from an Airtable that does not answer, which then is what is said', async () => {
    const standIn = await aTeam();
    standIn.faults.always({ kind: 'monthly-quota' });

    expect((await lines(standIn))['airtable-token']).toMatchObject({
      verdict: 'wrong',
      says: expect.stringContaining('quota is used up'),
    });
  });
});

describe('a table', () => {
  test.each([
    ['owner', 'no worker has any customers'],
    ['opt_out', 'nobody can opt out'],
    ['whatsapp', 'nobody can be reached or recognised by WhatsApp'],
  ])('without the column %s is the one line that is wrong, with the remedy', async (column, loss) => {
    const standIn = await aTeam();
    standIn.edit.removeField('Customers', column);

    expect(await verdicts(standIn)).toEqual(['right', 'wrong', 'right']);
    expect((await lines(standIn))['table-customers']).toEqual({
      verdict: 'wrong',
      says: `Customers has no column ${column}: ${loss}`,
      remedy: expect.stringContaining('npm run setup creates it'),
    });
  });

  test('that is gone, or renamed, is the one line that is wrong', async () => {
    const gone = await aTeam({}, [templatesTable([])]);
    const renamed = await aTeam();
    renamed.edit.renameTable('Templates', 'Message templates');

    expect(await verdicts(gone)).toEqual(['right', 'wrong', 'right']);
    expect(await verdicts(renamed)).toEqual(['right', 'right', 'wrong']);
  });

  test('whose column has a wrong type says the click', async () => {
    const standIn = await aTeam({}, [
      customersTable([]),
      templatesTable([], { text: 'multipleAttachments' }),
    ]);

    expect(await verdicts(standIn)).toEqual(['right', 'right', 'wrong']);
    expect((await lines(standIn))['table-templates']).toMatchObject({
      says: 'The column text of Templates is of type Attachment',
      remedy: expect.stringContaining('Edit field > Long text > Save'),
    });
  });

  test('with several things wrong names and links each', async () => {
    const table = customersTable([], { owner: 'multipleRecordLinks', sms: null, notes: null });
    const standIn = await aTeam({}, [table, templatesTable([])]);
    const link = `https://airtable.com/${standIn.base.id}/${table.id}`;

    expect((await lines(standIn))['table-customers']).toEqual({
      verdict: 'wrong',
      says: '3 things are not as the service needs them',
      remedy: expect.stringMatching(
        /^npm run setup creates what is missing\. In Airtable, .*arrow beside owner/,
      ),
      findings: [
        { what: expect.stringContaining('no column sms'), link },
        { what: expect.stringContaining('no column notes'), link },
        { what: expect.stringContaining('The column owner of Customers is of type'), link },
      ],
    });
  });

  test('of templates without the view whose order they have is wrong', async () => {
    const standIn = await aTeam();
    const settings = { AIRTABLE_TEMPLATES_VIEW: 'For the app' };

    expect(await verdicts(standIn, settings)).toEqual(['right', 'right', 'wrong']);
    expect((await lines(standIn, settings))['table-templates']?.says).toContain('no view "For the app"');
  });

  test('of another kind is nobody’s business', async () => {
    const others = aTable('Invoices', { number: 'autoNumber' }, []);
    const standIn = await aTeam({}, [others, customersTable([]), templatesTable([])]);

    expect(await verdicts(standIn)).toEqual(['right', 'right', 'right']);
  });
});

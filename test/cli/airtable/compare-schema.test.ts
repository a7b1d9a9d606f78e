import { describe, expect, test } from '@jest/globals';
import { compareTable, compareTemplatesView, type SchemaProblem } from '../../../cli/airtable/compare-schema';
import { EXPECTED } from '../../../cli/airtable/expected-schema';
import { PacedBase } from '../../../cli/airtable/rate-limited-base';
import type { BaseSchema } from '../../../cli/airtable/schema';
import type { FieldType } from '../../../emulators/airtable/airtable-emulator';
import { aTable, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { teamBase } from '../../../emulators/seed/base';
import { serve } from '../../emulators/airtable/serve';
import { accessTo, FAST } from './team';

async function schemaOf(tables: Parameters<typeof serve>[0]): Promise<BaseSchema> {
  return new PacedBase(accessTo(await serve(tables)), FAST).readSchema();
}

const customers = async (columns: Record<string, FieldType | null>) =>
  compareTable(EXPECTED.customers, await schemaOf([customersTable([], columns)]));
const templates = async (columns: Record<string, FieldType | null>) =>
  compareTable(EXPECTED.templates, await schemaOf([templatesTable([], columns)]));
const summaries = (problems: readonly SchemaProblem[]) => problems.map(({ what }) => what);

test('the demo base and the base of the quickstart match the expected schema', async () => {
  for (const tables of [teamBase().tables, [customersTable([]), templatesTable([])]]) {
    const schema = await schemaOf(tables);

    expect(compareTable(EXPECTED.customers, schema)).toEqual([]);
    expect(compareTable(EXPECTED.templates, schema)).toEqual([]);
    expect(compareTemplatesView('Grid view', schema)).toEqual([]);
  }
});

describe('a table', () => {
  test('that is missing can be created', async () => {
    const problems = compareTable(EXPECTED.customers, await schemaOf([templatesTable([])]));

    expect(summaries(problems)).toEqual(['The base has no table Customers']);
    expect(problems[0]).toMatchObject({ creation: { kind: 'table' } });
  });

  test.each(['customers', ' Customers', 'CUSTOMERS'])('named "%s" must be renamed', async (name) => {
    const problems = compareTable(EXPECTED.customers, await schemaOf([{ ...customersTable([]), name }]));

    expect(problems).toEqual([
      {
        what: `The table "${name}" must be named exactly Customers`,
        fix: `In Airtable, right-click the tab "${name}" > Rename table > Customers`,
        creation: null,
      },
    ]);
  });
});

describe('a column', () => {
  test.each(['owner', 'sms', 'whatsapp', 'email', 'linkedin', 'notes', 'avatar', 'opt_out'])(
    '%s that is missing can be created',
    async (column) => {
      const [problem, ...others] = await customers({ [column]: null });

      expect(others).toEqual([]);
      expect(problem).toMatchObject({
        what: expect.stringMatching(`^Customers has no column ${column}: `),
        creation: { kind: 'column', draft: { name: column } },
      });
    },
  );

  test.each(['category', 'text', 'whatsAppApproved'])('%s of templates likewise', async (column) => {
    expect(summaries(await templates({ [column]: null }))).toEqual([
      expect.stringMatching(`^Templates has no column ${column}: `),
    ]);
  });

  test('id is optional, and so is the title of templates', async () => {
    expect(await customers({ id: null })).toEqual([]);
    expect(await templates({ title: null, text: 'singleLineText' })).toEqual([]);
  });

  test.each(['Opt_Out', ' opt_out', 'OPT_OUT ', 'opt out', 'Opt-Out', 'optout'])(
    'named "%s" must be renamed',
    async (name) => {
      const [problem, ...others] = await customers({ opt_out: null, [name]: 'checkbox' });

      expect(others).toEqual([]);
      expect(problem).toMatchObject({
        what: expect.stringMatching(`^Customers has no column opt_out, but "${name}": `),
        fix: `In Airtable, table Customers, the arrow beside "${name}" > Edit field > name it exactly opt_out > Save`,
        creation: null,
      });
    },
  );

  test('name is not added if the primary column can be renamed', async () => {
    const { name: _name, ...columns } = Object.fromEntries(
      EXPECTED.customers.columns.map(({ name, types }) => [name, types[0]]),
    );
    const schema = {
      tables: [
        {
          id: 'tblX',
          name: 'Customers',
          primaryFieldId: 'fldClient',
          views: [],
          fields: [
            { id: 'fldClient', name: 'Client', type: 'singleLineText' },
            ...Object.entries(columns).map(([name, type]) => ({ id: `fld${name}`, name, type })),
          ],
        },
      ],
    };

    expect(compareTable(EXPECTED.customers, schema)).toMatchObject([
      { what: expect.stringContaining('no column name, but "Client"'), creation: null },
    ]);
  });

  test('name is added if the records are named by another column', async () => {
    const table = aTable('Customers', { number: 'autoNumber', sms: 'phoneNumber' }, []);

    const problems = compareTable(EXPECTED.customers, await schemaOf([table]));

    expect(problems[0]).toMatchObject({ creation: { kind: 'column', draft: { name: 'name' } } });
  });
});

describe('a type', () => {
  test.each<[string, FieldType]>([
    ['owner', 'singleSelect'],
    ['owner', 'singleCollaborator'],
    ['sms', 'phoneNumber'],
    ['whatsapp', 'multilineText'],
    ['id', 'autoNumber'],
    ['id', 'singleLineText'],
    ['email', 'singleLineText'],
    ['notes', 'richText'],
    ['avatar', 'multipleAttachments'],
    ['opt_out', 'checkbox'],
    ['linkedin', 'formula'],
  ])('%s may be %s', async (column, type) => {
    expect(await customers({ [column]: type })).toEqual([]);
  });

  test.each<[string, FieldType, string, string]>([
    ['name', 'formula', 'Formula', 'Single line text'],
    ['owner', 'multipleRecordLinks', 'Link to another record', 'Single line text'],
    ['owner', 'multipleCollaborators', 'User, several', 'Single line text'],
    ['sms', 'number', 'Number', 'Single line text'],
    ['whatsapp', 'checkbox', 'Checkbox', 'Single line text'],
    ['opt_out', 'formula', 'Formula', 'Checkbox'],
    ['avatar', 'checkbox', 'Checkbox', 'URL'],
    ['id', 'checkbox', 'Checkbox', 'Number'],
  ])('%s must not be %s, which only a person can change', async (column, type, found, wanted) => {
    expect(await customers({ [column]: type })).toEqual([
      {
        what: `The column ${column} of Customers is of type ${found}`,
        fix: expect.stringContaining(
          `In Airtable, table Customers, the arrow beside ${column} > Edit field > ${wanted} > Save; also supported: `,
        ),
        creation: null,
      },
    ]);
  });

  test.each<[string, FieldType]>([
    ['text', 'multipleAttachments'],
    ['category', 'multipleRecordLinks'],
    ['whatsAppApproved', 'number'],
  ])('%s of templates must not be %s', async (column, type) => {
    expect(summaries(await templates({ [column]: type }))).toEqual([
      expect.stringContaining(`The column ${column} of Templates is of type`),
    ]);
  });
});

describe('the view of the templates', () => {
  test('can be given by its id', async () => {
    const table = templatesTable([]);

    expect(compareTemplatesView(table.views[0]?.id ?? '', await schemaOf([table]))).toEqual([]);
  });

  test('is reported as missing, with the names of the existing views', async () => {
    const [problem, ...others] = compareTemplatesView('For the app', await schemaOf([templatesTable([])]));

    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      what: expect.stringContaining('The table Templates has no view "For the app"'),
      fix: expect.stringContaining('"Grid view"'),
    });
  });

  test('is reported as missing for a table to be created, which gets only "Grid view"', async () => {
    const schema = await schemaOf([]);

    expect(compareTemplatesView('Grid view', schema)).toEqual([]);
    expect(compareTemplatesView('For the app', schema)).toHaveLength(1);
  });
});

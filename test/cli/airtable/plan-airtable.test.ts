import { describe, expect, test } from '@jest/globals';
import { airtableStep } from '../../../cli/airtable/plan-airtable';
import type { Plan } from '../../../cli/plan/plan';
import type {
  AirtableEmulator,
  AirtableOptions,
  TableData,
} from '../../../emulators/airtable/airtable-emulator';
import type { SeenRequest } from '../../../emulators/airtable/airtable-faults';
import { aCollaborator, aTable, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { ConfigurationError, ServiceUnavailableError } from '../../../lambdas/errors';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { FAST, settingsFor } from './team';

interface Run {
  readonly sampleRows?: boolean;
  readonly settings?: Record<string, string>;
  readonly signal?: AbortSignal;
}

function stepFor(emulator: AirtableEmulator, { sampleRows = false, settings = {}, signal }: Run = {}) {
  return airtableStep({
    settings: settingsFor(emulator, settings),
    sampleRows,
    pacing: { ...FAST, ...(signal && { signal }) },
  });
}

const plan = (emulator: AirtableEmulator, run?: Run) => stepFor(emulator, run).plan();

/** Applies all changes in their order, as setup does. */
async function setUp(emulator: AirtableEmulator, run?: Run): Promise<Plan> {
  const found = await plan(emulator, run);
  for (const change of found.changes) await change.apply(() => {});
  return found;
}

/** The base without its ids and times, which differ between runs. */
function contents({ base }: AirtableEmulator) {
  return base.tables.map(({ name, fields, records }) => ({
    name,
    columns: fields.map((field) => `${field.name}: ${field.type}`),
    records: records.map((record) => record.fields),
  }));
}

const summaries = ({ changes }: Plan) => changes.map(({ summary }) => summary);
const problems = ({ manualSteps }: Plan) => manualSteps.map(({ what }) => what);
const isWrite = ({ method, path }: SeenRequest) => method === 'POST' && !path.endsWith('/listRecords');
const recordsOf = (emulator: AirtableEmulator, name: string) =>
  emulator.base.tables.find((table) => table.name === name)?.records.map(({ fields }) => fields);

const SAMPLED = { sampleRows: true };

describe('an empty base', () => {
  test('gets both tables, and is up to date then', async () => {
    const emulator = await serve([]);

    const first = await setUp(emulator);
    const second = await plan(emulator);

    expect(summaries(first)).toEqual(['Create the table Customers', 'Create the table Templates']);
    expect(contents(emulator)).toEqual([
      {
        name: 'Customers',
        columns: [
          'name: singleLineText',
          'sms: singleLineText',
          'whatsapp: singleLineText',
          'email: email',
          'linkedin: url',
          'notes: multilineText',
          'owner: singleLineText',
          'avatar: url',
          'opt_out: checkbox',
        ],
        records: [],
      },
      {
        name: 'Templates',
        columns: [
          'title: singleLineText',
          'category: singleSelect',
          'text: multilineText',
          'whatsAppApproved: checkbox',
        ],
        records: [],
      },
    ]);
    expect(second).toEqual({
      upToDate: [
        'Customers has every column, with supported types',
        'Templates has every column, with supported types',
      ],
      changes: [],
      manualSteps: [],
    });
  });

  test('shows column by column what it will get', async () => {
    const [customers] = (await plan(await serve([]))).changes;

    expect(customers?.diff).toContainEqual({ what: 'column opt_out', from: null, to: 'Checkbox' });
  });

  test('is not changed by planning', async () => {
    const emulator = await serve([]);

    await plan(emulator, SAMPLED);

    expect(emulator.requests.filter(isWrite)).toEqual([]);
    expect(emulator.base.tables).toEqual([]);
  });
});

describe('a base in use', () => {
  test('gets the columns that it lacks, and keeps what it has', async () => {
    const emulator = await serve([
      customersTable([{ name: 'Ann', company: 'Acme' }], {
        company: 'singleLineText',
        opt_out: null,
        notes: null,
      }),
      templatesTable([{ text: 'Hello' }]),
    ]);

    const found = await setUp(emulator);

    expect(summaries(found)).toEqual([
      'Create the column notes in Customers',
      'Create the column opt_out in Customers',
    ]);
    expect(found.upToDate).toEqual(['Templates has every column, with supported types']);
    expect(recordsOf(emulator, 'Customers')).toEqual([{ name: 'Ann', company: 'Acme' }]);
    expect(summaries(await plan(emulator))).toEqual([]);
  });

  test('gets manual steps for a person, and all other changes are applied', async () => {
    const emulator = await serve([
      customersTable([], { owner: 'multipleRecordLinks', avatar: null }),
      { ...templatesTable([]), name: 'templates' },
    ]);

    const found = await setUp(emulator, { settings: { AIRTABLE_TEMPLATES_VIEW: 'For the app' } });

    expect(summaries(found)).toEqual(['Create the column avatar in Customers']);
    expect(found.manualSteps).toEqual([
      {
        what: 'The column owner of Customers is of type Link to another record',
        fix: expect.stringContaining('Edit field > Single line text > Save'),
      },
      {
        what: 'The table "templates" must be named exactly Templates',
        fix: expect.stringContaining('Rename table > Templates'),
      },
      {
        what: expect.stringContaining('no view "For the app"'),
        fix: expect.stringContaining('AIRTABLE_TEMPLATES_VIEW'),
      },
    ]);
  });

  test('keeps other tables unchanged', async () => {
    const emulator = await serve([aTable('Table 1', { Name: 'singleLineText' }, [{ Name: 'x' }])]);

    await setUp(emulator, SAMPLED);

    expect(contents(emulator)[0]).toEqual({
      name: 'Table 1',
      columns: ['Name: singleLineText'],
      records: [{ Name: 'x' }],
    });
  });
});

describe('sample rows', () => {
  test('are a few customers of the first default worker, and templates, once', async () => {
    const emulator = await serve([]);

    await setUp(emulator, SAMPLED);
    const again = await setUp(emulator, SAMPLED);

    const customers = recordsOf(emulator, 'Customers') ?? [];
    expect(customers.length).toBeGreaterThan(2);
    expect(new Set(customers.map(({ owner }) => owner))).toEqual(new Set(['ana@example.com']));
    for (const { sms, whatsapp } of customers) expect(sms ?? whatsapp).toMatch(/^\+1\d{3}55501\d\d$/);
    expect(
      recordsOf(emulator, 'Templates')?.filter(({ whatsAppApproved }) => whatsAppApproved),
    ).toMatchObject([{ category: 'WhatsApp' }]);
    expect(again.changes).toEqual([]);
    expect(again.upToDate).toContain('Customers has records already, so no sample rows are added');
  });

  test('are added to a table that has only the blank rows of a new one', async () => {
    const emulator = await serve([customersTable([{}, {}, {}]), templatesTable([{ text: 'Hello' }])]);

    const found = await setUp(emulator, SAMPLED);

    expect(summaries(found)).toEqual(['Put sample rows into Customers']);
    expect(recordsOf(emulator, 'Customers')?.filter(({ name }) => name !== undefined)).toHaveLength(4);
    expect(recordsOf(emulator, 'Templates')).toEqual([{ text: 'Hello' }]);
  });

  test('are not added unless requested', async () => {
    const emulator = await serve([]);

    await setUp(emulator);

    expect(recordsOf(emulator, 'Customers')).toEqual([]);
  });

  test('are only templates if the customers would have no owner', async () => {
    const emulator = await serve([]);

    const found = await setUp(emulator, { ...SAMPLED, settings: { DEFAULT_WORKER: '' } });

    expect(found.manualSteps).toEqual([
      {
        what: expect.stringContaining('need an owner'),
        fix: expect.stringContaining('DEFAULT_WORKER'),
      },
    ]);
    expect(recordsOf(emulator, 'Customers')).toEqual([]);
    expect(recordsOf(emulator, 'Templates')).not.toEqual([]);
  });

  test('are converted to the types of the columns', async () => {
    const ana = aCollaborator('Ana', 'ana@example.com');
    const table = customersTable([], {
      owner: 'singleCollaborator',
      sms: 'phoneNumber',
      opt_out: 'singleLineText',
    });
    const emulator = await serve([table, templatesTable([], { category: 'singleLineText', title: null })]);
    emulator.base.collaborators = [ana];

    await setUp(emulator, SAMPLED);

    expect(recordsOf(emulator, 'Customers')?.[0]).toMatchObject({ owner: ana });
    expect(recordsOf(emulator, 'Customers')?.map((fields) => fields['opt_out'])).toContain('true');
    expect(recordsOf(emulator, 'Templates')?.[0]).toMatchObject({ category: 'Openers' });
  });

  test('wait for select options, which the team decides on', async () => {
    const emulator = await serve([customersTable([], { owner: 'singleSelect' }), templatesTable([])]);

    const found = await setUp(emulator, SAMPLED);

    expect(problems(found)).toEqual([
      expect.stringContaining(
        'Customers need select options that the table lacks: "ana@example.com" in owner',
      ),
      expect.stringContaining('"Openers" in category, "Replies" in category, "WhatsApp" in category'),
    ]);
    expect(recordsOf(emulator, 'Customers')).toEqual([]);
  });

  test('wait until other problems are fixed', async () => {
    const emulator = await serve([customersTable([], { sms: 'number' })]);

    const found = await setUp(emulator, SAMPLED);

    expect(problems(found)).toEqual([
      'The column sms of Customers is of type Number',
      expect.stringMatching(/^Sample rows .*Customers/),
    ]);
    expect(recordsOf(emulator, 'Customers')).toEqual([]);
  });

  test('that a column rejects are rejected as a whole, with the reason', async () => {
    const table = customersTable([], { owner: 'singleCollaborator' });
    const emulator = await serve([table]);

    await expect(setUp(emulator, SAMPLED)).rejects.toThrow(/do not fit the columns of Customers.*"owner"/);
    expect(recordsOf(emulator, 'Customers')).toEqual([]);
  });
});

describe('tokens', () => {
  test('may be two: one for the schema, one for the records', async () => {
    const emulator = await serve([], {
      tokens: [
        { token: TOKEN, scopes: ['data.records:read', 'data.records:write'] },
        { token: 'patSetup', scopes: ['schema.bases:read', 'schema.bases:write'] },
      ],
    });

    await setUp(emulator, { ...SAMPLED, settings: { AIRTABLE_SETUP_API_KEY: 'patSetup' } });

    expect(recordsOf(emulator, 'Customers')).toHaveLength(4);
  });

  test('that may not read the schema leave the check to a person', async () => {
    const emulator = await serve([], { tokens: [{ token: TOKEN, scopes: ['data.records:read'] }] });

    expect(await plan(emulator, SAMPLED)).toEqual({
      upToDate: [],
      changes: [],
      manualSteps: [
        {
          what: expect.stringContaining('tables and columns'),
          fix: expect.stringContaining('the scope schema.bases:read'),
        },
      ],
    });
  });

  test('that may only read the schema fail the change, naming the scope', async () => {
    const emulator = await serve([], { tokens: [{ token: TOKEN, scopes: ['schema.bases:read'] }] });
    const failing = setUp(emulator);

    await expect(failing).rejects.toThrow(ConfigurationError);
    await expect(failing).rejects.toThrow(/schema\.bases:write/);
  });
});

describe('an interrupted setup', () => {
  /** A base that needs every kind of change. */
  const tables = (): TableData[] => [
    customersTable([{}], { id: null, opt_out: null, avatar: null }),
    aTable('Others', { name: 'singleLineText' }, [{ name: 'x' }]),
  ];
  const start = (options: Partial<AirtableOptions> = {}) => serve(tables(), options);
  const WRITES = [1, 2, 3, 4, 5];

  async function undisturbed() {
    const emulator = await start();
    await setUp(emulator, SAMPLED);
    expect(emulator.requests.filter(isWrite)).toHaveLength(WRITES.length);
    return contents(emulator);
  }

  test.each(WRITES)('killed after write %d and run again ends in the same base', async (last) => {
    const kill = new AbortController();
    let writes = 0;
    const onChange = () => {
      writes += 1;
      if (writes === last) kill.abort(new Error('killed'));
    };
    const emulator = await start({ onChange });

    await expect(setUp(emulator, { ...SAMPLED, signal: kill.signal })).rejects.toThrow('killed');
    await setUp(emulator, SAMPLED);

    expect(contents(emulator)).toEqual(await undisturbed());
  });

  test.each(WRITES)('killed before write %d and run again ends in the same base', async (first) => {
    const emulator = await start();
    const kill = new AbortController();
    let writes = 0;
    emulator.faults.next(1, { kind: 'connection-reset' }, (request) => {
      if (!isWrite(request) || ++writes < first) return false;
      kill.abort(new Error('killed'));
      return true;
    });

    await expect(setUp(emulator, { ...SAMPLED, signal: kill.signal })).rejects.toThrow('killed');
    await setUp(emulator, SAMPLED);

    expect(contents(emulator)).toEqual(await undisturbed());
  });

  test.each(WRITES)('continues without duplicates after a lost response to write %d', async (lost) => {
    const emulator = await start();
    let writes = 0;
    emulator.faults.next(1, { kind: 'response-lost' }, (request) => isWrite(request) && ++writes === lost);

    await setUp(emulator, SAMPLED);

    expect(contents(emulator)).toEqual(await undisturbed());
  });

  test('creates a table or column whose creation was lost', async () => {
    const emulator = await start();
    emulator.faults.next(
      2,
      { kind: 'connection-reset' },
      ({ path, method }) => method === 'POST' && /meta/.test(path),
    );

    await setUp(emulator, SAMPLED);

    expect(contents(emulator)).toEqual(await undisturbed());
  });

  test('adds sample rows whose creation was lost on the next run', async () => {
    const emulator = await start();
    emulator.faults.next(1, { kind: 'connection-reset' }, ({ path }) => path.endsWith('/Customers'));

    await expect(setUp(emulator, SAMPLED)).rejects.toThrow(ServiceUnavailableError);
    await setUp(emulator, SAMPLED);

    expect(contents(emulator)).toEqual(await undisturbed());
  });

  test('accepts a change that another user makes first', async () => {
    const emulator = await serve([]);
    const { changes } = await plan(emulator, SAMPLED);
    await setUp(emulator, SAMPLED);
    const before = contents(emulator);

    for (const change of changes) await change.apply(() => {});

    expect(contents(emulator)).toEqual(before);
  });
});

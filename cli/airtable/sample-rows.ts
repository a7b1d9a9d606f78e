import { MAX_PAGE_SIZE } from '../../lambdas/airtable/airtable-client';
import { AirtableApiError, UnknownOutcomeError } from '../../lambdas/airtable/airtable-errors';
import type { Cells } from '../../lambdas/airtable/airtable-records';
import { COLUMN, TEMPLATE_COLUMN } from '../../lambdas/airtable/columns';
import { ConfigurationError, ServiceUnavailableError } from '../../lambdas/errors';
import type { Change } from '../plan/plan';
import { CATEGORY, type WantedTable } from './expected-schema';
import type { PacedBase } from './rate-limited-base';
import { choicesOf, findField, findTable, type TableModel } from './schema';

/** The base with the token for its schema, and with the token for its records. */
export interface TwoWays {
  readonly schema: PacedBase;
  readonly records: PacedBase;
}

/**
 * Adds sample rows to an empty table in one request. If interrupted, all or none of them exist, and the next run
 * detects which.
 */
export function sampleChange(
  wanted: WantedTable,
  rowsFor: (table: TableModel) => readonly Cells[],
  base: TwoWays,
): Change {
  return {
    summary: `Put sample rows into ${wanted.name}`,
    diff: [],
    apply: async () => {
      const table = findTable(await base.schema.readSchema(), wanted.name);
      if (table === undefined)
        throw new ConfigurationError([`The base has no table ${wanted.name}: run it again`]);
      if (!(await isEmpty(table, wanted, base.records))) return;
      await base.records.create(wanted.name, rowsFor(table)).catch(async (error: unknown) => {
        if (error instanceof UnknownOutcomeError && !(await isEmpty(table, wanted, base.records))) return;
        throw explained(error, wanted);
      });
    },
  };
}

/** Whether the service's columns are all blank, because a table created by hand starts with three blank rows. */
export async function isEmpty(table: TableModel, wanted: WantedTable, records: PacedBase): Promise<boolean> {
  const columns = wanted.columns
    .map(({ name }) => name)
    .filter((name) => name !== COLUMN.id && table.fields.some((field) => field.name === name));
  const page = await records.list(wanted.name, {
    pageSize: MAX_PAGE_SIZE,
    ...(columns.length > 0 && { fields: columns }),
  });
  const isBlank = page.records.every(({ fields }) => Object.keys(fields).length === 0);
  return isBlank && page.offset === undefined;
}

function explained(error: unknown, { name }: WantedTable): unknown {
  if (error instanceof UnknownOutcomeError) {
    return new ServiceUnavailableError(
      `${error.message}. The sample rows are not in ${name}: check in a minute, and run setup again`,
      60,
      { cause: error },
    );
  }
  if (!(error instanceof AirtableApiError)) return error;
  return new ConfigurationError([`The sample rows do not fit the columns of ${name}. ${error.message}`], {
    cause: error,
  });
}

type Row = Readonly<Record<string, string | boolean>>;

/** Fictional customers: numbers of 555-01xx are unassigned, and mail to example.com is not delivered. */
function customers(worker: string): readonly Row[] {
  const rows = [
    {
      name: 'Ada Sample',
      sms: '+14155550101',
      whatsapp: '+14155550101',
      email: 'ada@example.com',
      linkedin: 'https://www.linkedin.com/in/ada-sample',
      notes: 'A fictional customer. Delete her when there are real ones.',
    },
    { name: 'Ben Sample', sms: '+14155550102', email: 'ben@example.com', notes: 'Reads texts only.' },
    { name: 'Carmen Sample', whatsapp: '+14155550103', notes: 'Is on WhatsApp only.' },
    {
      name: 'Deniz Sample',
      sms: '+14155550104',
      notes: 'Opted out: messages to this customer are rejected.',
      opt_out: true,
    },
  ];
  return rows.map((row) => ({ ...row, owner: worker }));
}

/** Only the template in a separate category may be sent later than a day after the customer's last message. */
const TEMPLATES: readonly Row[] = [
  {
    title: 'Say hello',
    category: CATEGORY.openers,
    text: 'Hello {{name|there}}, this is {{worker}}. How can I help?',
  },
  {
    title: 'Offer a call',
    category: CATEGORY.openers,
    text: 'Hi {{name|there}}, would you rather have a call? Tell me when it suits you.',
  },
  {
    title: 'Thank you',
    category: CATEGORY.replies,
    text: 'Thank you, {{name|and see you soon}}. I will come back to you today.',
  },
  {
    title: 'Reconnect: have WhatsApp approve exactly this text first',
    category: CATEGORY.whatsapp,
    text: 'Hello {{name|there}}, do you still need our help? Just reply to this message.',
    whatsAppApproved: true,
  },
];

/** The sample customers, converted to the types of the table's columns and owned by the worker. */
export function sampleCustomers(table: TableModel, worker: string): readonly Cells[] {
  return fitted(customers(worker), table);
}

export function sampleTemplates(table: TableModel): readonly Cells[] {
  return fitted(TEMPLATES, table);
}

/** Select options that the sample rows need and the table lacks; the team decides on its options. */
export function missingChoices(rows: readonly Cells[], table: TableModel): readonly string[] {
  return [COLUMN.owner, TEMPLATE_COLUMN.category].flatMap((column) => {
    const field = findField(table, column);
    if (field?.type !== 'singleSelect') return [];
    const wanted = new Set(rows.flatMap((row) => row[column] ?? []));
    const choices: readonly unknown[] = choicesOf(field);
    const lacking = [...wanted].filter((choice) => !choices.includes(choice));
    return lacking.map((choice) => `"${choice}" in ${column}`);
  });
}

function fitted(rows: readonly Row[], table: TableModel): readonly Cells[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([column, value]) => {
        const type = findField(table, column)?.type;
        return type === undefined ? [] : [[column, cellOf(value, type)]];
      }),
    ),
  );
}

function cellOf(value: string | boolean, type: string): unknown {
  if (type === 'singleCollaborator') return { email: value };
  return type === 'checkbox' ? value : String(value);
}

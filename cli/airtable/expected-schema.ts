import { COLUMN, type Column, CUSTOMERS, TEMPLATE_COLUMN, TEMPLATES } from '../../lambdas/airtable/columns';
import type { Configuration } from '../../lambdas/config';
import type { FieldDraft, TableDraft } from './schema';

/** A column as the service reads or writes it (docs/airtable-schema.md). */
export interface WantedColumn {
  readonly name: string;
  /** The accepted types, the usual one first. */
  readonly types: readonly [string, ...string[]];
  /** The feature that is lost without it; null if none is. */
  readonly loss: string | null;
  /** The column that setup creates. Null if setup leaves it to people. */
  readonly draft: FieldDraft | null;
}

export interface WantedTable {
  readonly name: string;
  readonly columns: readonly [WantedColumn, ...WantedColumn[]];
  /** The primary column that setup creates where none of the service's columns can be primary. */
  readonly title: FieldDraft | null;
}

/** The categories that setup creates with the column. WhatsApp's approved templates have their own. */
export const CATEGORY = { openers: 'Openers', replies: 'Replies', whatsapp: 'WhatsApp' } as const;

/** Text types that a person can edit. */
const TYPED = ['singleLineText', 'multilineText'] as const;
/** Columns that the service only reads may also be computed by Airtable. */
const READ_AS_TEXT = [...TYPED, 'richText', 'email', 'url', 'phoneNumber', 'singleSelect'] as const;
const PUT_TOGETHER = ['formula', 'rollup', 'multipleLookupValues'] as const;

const CHECKBOX = { icon: 'check', color: 'greenBright' } as const;
const READ = [...READ_AS_TEXT, ...PUT_TOGETHER] as const;

/** @param more the draft's description and options */
function column(
  name: string,
  types: WantedColumn['types'],
  loss: string,
  more: Omit<FieldDraft, 'name' | 'type'> = {},
): WantedColumn {
  return { name, types, loss, draft: { name, type: types[0], ...more } };
}

/** A column that setup does not create, because the service works without it. */
function optional(name: string, types: WantedColumn['types']): WantedColumn {
  return { name, types, loss: null, draft: null };
}

/** The columns that need more than a text. */
const CUSTOMER_COLUMNS: WantedTable['columns'] = [
  column(COLUMN.name, [...TYPED, 'richText'], 'the app has no list of customers'),
  column(COLUMN.sms, [...TYPED, 'phoneNumber'], 'customers cannot be reached or recognised by SMS', {
    description: 'The number for SMS, such as +14155550123',
  }),
  column(
    COLUMN.whatsapp,
    [...TYPED, 'phoneNumber'],
    'customers cannot be reached or recognised by WhatsApp',
    {
      description: 'The number for WhatsApp, such as +14155550123',
    },
  ),
  optional(COLUMN.id, ['number', 'autoNumber', ...TYPED, 'formula']),
  column(COLUMN.email, ['email', ...READ], 'the app has no link to write mail'),
  column(COLUMN.linkedin, ['url', ...READ], 'the app has no link to the profile'),
  column(COLUMN.notes, ['multilineText', ...READ], 'the app shows no notes'),
  column(
    COLUMN.owner,
    [...TYPED, 'email', 'singleSelect', 'singleCollaborator'],
    'no worker has any customers',
    { description: "The worker's exact identity in Frontline" },
  ),
  column(COLUMN.avatar, ['url', 'multipleAttachments', ...READ], 'the app shows no pictures', {
    description: 'The URL of a picture',
  }),
  column(COLUMN.optOut, ['checkbox', ...TYPED], 'customers cannot opt out', {
    options: CHECKBOX,
    description: 'Whether messages to the customer are rejected. STOP and START set it',
  }),
];

const CUSTOMERS_TABLE: WantedTable = {
  name: CUSTOMERS,
  title: null,
  columns: [
    ...CUSTOMER_COLUMNS,
    // Every other column that the service names is only read.
    ...Object.values(COLUMN)
      .filter((name) => CUSTOMER_COLUMNS.every((each) => each.name !== name))
      .map((name) => column(name, READ, `the app does not show ${name}`)),
  ],
};

const TEMPLATES_TABLE: WantedTable = {
  name: TEMPLATES,
  // A select cannot be the primary column, and a long text makes a poor name of a row (airtable.md#metadata).
  title: {
    name: TEMPLATE_COLUMN.title,
    type: 'singleLineText',
    description: 'For your team: the app does not show it',
  },
  columns: [
    column(TEMPLATE_COLUMN.category, ['singleSelect', ...READ], 'all templates are under one heading', {
      options: { choices: Object.values(CATEGORY).map((name) => ({ name })) },
    }),
    column(TEMPLATE_COLUMN.text, ['multilineText', ...READ], 'the app has no templates', {
      description: 'With {{name}} or any other column of Customers, {{name|there}}, and {{worker}}',
    }),
    column(
      TEMPLATE_COLUMN.approved,
      ['checkbox', ...TYPED],
      'no template can be sent by WhatsApp after 24 hours',
      { options: CHECKBOX, description: 'Whether WhatsApp has approved exactly this text' },
    ),
    optional(TEMPLATE_COLUMN.contentSid, [...TYPED, ...PUT_TOGETHER]),
  ],
};

/** The tables of the service, in the order in which they are created. */
export const EXPECTED = { customers: CUSTOMERS_TABLE, templates: TEMPLATES_TABLE } as const;

/** The whole table, as setup creates it. */
export function tableDraft({ name, title, columns }: WantedTable): TableDraft {
  const drafts = [title, ...columns.map(({ draft }) => draft)].flatMap((draft) => draft ?? []);
  const [first, ...others] = drafts;
  if (first === undefined) throw new Error(`The table ${name} would have no column: give one a draft`);
  return { name, fields: [first, ...others] };
}

/**
 * The columns without which the service cannot work safely. Airtable omits blank cells, so a missing column looks like
 * a customer without an opt-out or a number.
 */
export function requiredColumns({
  whatsappNumber,
}: Pick<Configuration, 'whatsappNumber'>): readonly Column[] {
  return [COLUMN.optOut, COLUMN.sms, ...(whatsappNumber === null ? [] : [COLUMN.whatsapp])];
}

import { COLUMN, CUSTOMERS, TEMPLATE_COLUMN, TEMPLATES } from '../../lambdas/airtable/columns';
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

const CHECKBOX = { type: 'checkbox', options: { icon: 'check', color: 'greenBright' } } as const;

/** The columns that need more than a text. */
const CUSTOMER_COLUMNS: WantedTable['columns'] = [
  {
    name: COLUMN.name,
    types: [...TYPED, 'richText'],
    loss: 'the app has no list of customers',
    draft: { name: COLUMN.name, type: 'singleLineText' },
  },
  {
    name: COLUMN.sms,
    types: [...TYPED, 'phoneNumber'],
    loss: 'customers cannot be reached or recognised by SMS',
    draft: {
      name: COLUMN.sms,
      type: 'singleLineText',
      description: 'The number for SMS, such as +14155550123',
    },
  },
  {
    name: COLUMN.whatsapp,
    types: [...TYPED, 'phoneNumber'],
    loss: 'customers cannot be reached or recognised by WhatsApp',
    draft: {
      name: COLUMN.whatsapp,
      type: 'singleLineText',
      description: 'The number for WhatsApp, such as +14155550123',
    },
  },
  {
    name: COLUMN.id,
    types: ['number', 'autoNumber', ...TYPED, 'formula'],
    loss: null,
    draft: null,
  },
  {
    name: COLUMN.email,
    types: ['email', ...READ_AS_TEXT, ...PUT_TOGETHER],
    loss: 'the app has no link to write mail',
    draft: { name: COLUMN.email, type: 'email' },
  },
  {
    name: COLUMN.linkedin,
    types: ['url', ...READ_AS_TEXT, ...PUT_TOGETHER],
    loss: 'the app has no link to the profile',
    draft: { name: COLUMN.linkedin, type: 'url' },
  },
  {
    name: COLUMN.notes,
    types: ['multilineText', ...READ_AS_TEXT, ...PUT_TOGETHER],
    loss: 'the app shows no notes',
    draft: { name: COLUMN.notes, type: 'multilineText' },
  },
  {
    name: COLUMN.owner,
    types: [...TYPED, 'email', 'singleSelect', 'singleCollaborator'],
    loss: 'no worker has any customers',
    draft: {
      name: COLUMN.owner,
      type: 'singleLineText',
      description: "The worker's exact identity in Frontline",
    },
  },
  {
    name: COLUMN.avatar,
    types: ['url', 'multipleAttachments', ...READ_AS_TEXT, ...PUT_TOGETHER],
    loss: 'the app shows no pictures',
    draft: { name: COLUMN.avatar, type: 'url', description: 'The URL of a picture' },
  },
  {
    name: COLUMN.optOut,
    types: ['checkbox', ...TYPED],
    loss: 'customers cannot opt out',
    draft: {
      name: COLUMN.optOut,
      ...CHECKBOX,
      description: 'Whether messages to the customer are rejected. STOP and START set it',
    },
  },
];

const CUSTOMERS_TABLE: WantedTable = {
  name: CUSTOMERS,
  title: null,
  columns: [
    ...CUSTOMER_COLUMNS,
    ...Object.values(COLUMN)
      .filter((name) => CUSTOMER_COLUMNS.every((column) => column.name !== name))
      .map((name) => textColumn(name)),
  ],
};

/** A column that the service only reads. */
function textColumn(name: string): WantedColumn {
  return {
    name,
    types: [...READ_AS_TEXT, ...PUT_TOGETHER],
    loss: `the app does not show ${name}`,
    draft: { name, type: 'singleLineText' },
  };
}

const TEMPLATES_TABLE: WantedTable = {
  name: TEMPLATES,
  // A select cannot be the primary column, and a long text makes a poor name of a row (airtable.md#metadata).
  title: {
    name: TEMPLATE_COLUMN.title,
    type: 'singleLineText',
    description: 'For your team: the app does not show it',
  },
  columns: [
    {
      name: TEMPLATE_COLUMN.category,
      types: ['singleSelect', ...READ_AS_TEXT, ...PUT_TOGETHER],
      loss: 'all templates are under one heading',
      draft: {
        name: TEMPLATE_COLUMN.category,
        type: 'singleSelect',
        options: { choices: Object.values(CATEGORY).map((name) => ({ name })) },
      },
    },
    {
      name: TEMPLATE_COLUMN.text,
      types: ['multilineText', ...READ_AS_TEXT, ...PUT_TOGETHER],
      loss: 'the app has no templates',
      draft: {
        name: TEMPLATE_COLUMN.text,
        type: 'multilineText',
        description: 'With {{name}} or any other column of Customers, {{name|there}}, and {{worker}}',
      },
    },
    {
      name: TEMPLATE_COLUMN.approved,
      types: ['checkbox', ...TYPED],
      loss: 'no template can be sent by WhatsApp after 24 hours',
      draft: {
        name: TEMPLATE_COLUMN.approved,
        ...CHECKBOX,
        description: 'Whether WhatsApp has approved exactly this text',
      },
    },
    { name: TEMPLATE_COLUMN.contentSid, types: [...TYPED, ...PUT_TOGETHER], loss: null, draft: null },
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

import { describe, expect, test } from '@jest/globals';
import type { CellValue, FieldType } from '../../emulators/airtable/airtable-emulator';
import { aCollaborator, type Columns, type Row } from '../../emulators/airtable/base-data';
import { ANA, BOB } from '../world/crm';
import { askTemplates, templateTexts } from '../world/templates';
import { startWorld, world } from '../world/use-world';

async function worldOf(texts: readonly string[], row: Row = {}, columns: Columns = {}) {
  await startWorld({
    settings: { CUSTOMER_VISIBILITY: 'team' },
    customers: [{ id: 1, ...row }],
    columns,
    templates: texts.map((text) => ({ category: 'All', text })),
  });
}

/** The filled texts for a customer with these cells. */
async function filled(texts: readonly string[], row: Row, columns: Columns = {}): Promise<string[]> {
  await worldOf(texts, row, columns);
  return templateTexts(await askTemplates(world, '1'));
}

describe('a merge field', () => {
  test.each<[string, Row, string]>([
    ['Hello {{name}}', { name: 'Jane' }, 'Hello Jane'],
    ['Hello {{ name }}', { name: 'Jane' }, 'Hello Jane'],
    ['Hello {{Name}}, {{NAME}}', { name: 'Jane' }, 'Hello Jane, Jane'],
    ['Hello {{\tname\n}}', { name: 'Jane' }, 'Hello Jane'],
    ['No. {{id}}', {}, 'No. 1'],
    ['{{name}}{{name}}', { name: 'Jo' }, 'JoJo'],
    ['Mail to {{email}}?', { email: ' jane@example.com ' }, 'Mail to jane@example.com?'],
    ['Opted out: {{opt_out}}', { opt_out: 'false' }, 'Opted out: false'],
  ])('%j is filled from the customer %j', async (text, row, expected) => {
    expect(await filled([text], row)).toEqual([expected]);
  });

  test.each<[string, FieldType, CellValue, string]>([
    ['plan', 'singleSelect', 'Gold', 'Gold'],
    ['Plan Name', 'singleLineText', 'Gold', 'Gold'],
    ['tags', 'multipleSelects', ['a', 'b'], 'a, b'],
    ['balance', 'number', 0, '0'],
    ['balance', 'currency', 12.5, '12.5'],
    ['since', 'date', '2024-05-01', '2024-05-01'],
    ['vip', 'checkbox', true, 'true'],
    ['adviser', 'singleCollaborator', aCollaborator('Ana Li', ANA), 'Ana Li'],
    ['État', 'singleLineText', 'L', 'L'],
  ])('is filled from any column of the base: %s, a %s', async (column, type, cell, expected) => {
    expect(
      await filled(
        [`{{${column}}}`, `{{ ${column.toUpperCase()} }}`],
        { [column]: cell },
        { [column]: type },
      ),
    ).toEqual([expected, expected]);
  });

  test('is the exact column if two differ in case alone', async () => {
    const columns = { Plan: 'singleLineText', plan: 'singleLineText' } as const;

    expect(await filled(['{{Plan}} {{plan}}'], { Plan: 'Gold', plan: 'Tin' }, columns)).toEqual(['Gold Tin']);
  });

  test('worker is the writer, and owner the customer’s owner', async () => {
    await worldOf(['{{worker}} for {{owner}}'], { owner: BOB });

    expect(templateTexts(await askTemplates(world, '1'))).toEqual([`${ANA} for ${BOB}`]);
  });

  test('owner is the e-mail if the column is a collaborator', async () => {
    const owner = aCollaborator('Bob', BOB);

    expect(await filled(['{{owner}}'], { owner }, { owner: 'singleCollaborator' })).toEqual([BOB]);
  });

  test('owner is the writing worker if the customer has no owner, or there is no customer', async () => {
    await worldOf(['{{owner}}']);

    expect(templateTexts(await askTemplates(world, '1'))).toEqual([ANA]);
    expect(templateTexts(await askTemplates(world, ''))).toEqual([ANA]);
  });

  test.each([
    ['Hello {{name|there}}', {}, 'Hello there'],
    ['Hello {{name | my friend }}', {}, 'Hello my friend'],
    ['Hello {{name|there}}', { name: 'Jane' }, 'Hello Jane'],
    ['Hello {{name|there}}', { name: '   ' }, 'Hello there'],
    ['{{nickname|either|or}}', {}, 'either|or'],
    ['{{ |no one}}', {}, 'no one'],
  ])('%j with a default gives for %j: %s', async (text, row, expected) => {
    expect(await filled([text], row)).toEqual([expected]);
  });

  test.each(['$& $1 $$ $`', '{{owner}}', '{{name}}', '{{', 'undefined', `"quoted" \\ 'n' more`, '🌻 عبد'])(
    'inserts the value verbatim: %s',
    async (name) => {
      expect(await filled(['<{{name}}>'], { name, owner: ANA })).toEqual([`<${name}>`]);
    },
  );
});

describe('a template that cannot be filled', () => {
  test.each([
    ['Hello {{name}}', 'name'],
    ['{{worker}} greets {{name}}', 'name'],
    ['Hello {{nickname}}', 'nickname'],
    ['Hello {{name|}}', 'name'],
    ['Hello {{name| }}', 'name'],
    ['Hello {{constructor}}', 'constructor'],
    ['Hello {{__proto__}}', '__proto__'],
    ['{{name}} and {{nickname}}', 'name, nickname'],
    ['{{avatar}}', 'avatar'],
    ['Hello {{worker', 'a field whose braces do not close'],
    ['Hello worker}}', 'a field whose braces do not close'],
    ['Hello {{worker}', 'a field whose braces do not close'],
    ['Hello {{wor{{worker}}ker}}', 'a field whose braces do not close'],
    ['Hello {{{{worker}}}}', 'a field whose braces do not close'],
  ])('is left out, and the log says why: %s', async (text, missing) => {
    const columns = { avatar: 'multipleAttachments' } as const;
    await worldOf([text, 'Good day'], { avatar: [{ url: 'https://example.com/a.png' }] }, columns);

    const answer = await askTemplates(world, '1');

    expect(templateTexts(answer)).toEqual(['Good day']);
    expect(answer.log).toMatchObject([
      { warnings: [`Template 1 ("All") is left out: it has nothing for ${missing}`] },
    ]);
  });

  test('removes its category if that has no other', async () => {
    await worldOf(['Hello {{name}}']);

    expect(await askTemplates(world, '1')).toMatchObject({ status: 200, body: [] });
  });

  test.each([
    ['x'.repeat(1_600), true],
    ['x'.repeat(1_601), false],
    [`${'x'.repeat(1_590)}{{name}}`, false],
  ])('is one that exceeds the length of a message', async (text, fits) => {
    await worldOf([text], { name: 'Jane Margaret Roe' });

    const answer = await askTemplates(world, '1');

    expect(templateTexts(answer)).toEqual(fits ? [text] : []);
    const warning = 'Template 1 ("All") is left out: it is longer than 1600 characters';
    expect(answer.log[0]?.['warnings']).toEqual(fits ? undefined : [warning]);
  });
});

test.each(['Use { and } freely', '{name}', '{ {name} }', 'a } b { c', '|', '{'])(
  'a text without merge fields is unchanged: %s',
  async (text) => {
    expect(await filled([text], { name: 'Jane' })).toEqual([text]);
  },
);

test('the log contains no values of merge fields', async () => {
  await worldOf(['Call {{sms}}', 'Hello {{name}}', '{{none}}'], { name: 'Jane', sms: '(415) 555-0123' });

  const { log } = await askTemplates(world, '1');

  expect(log).toHaveLength(1);
  expect(JSON.stringify(log)).not.toMatch(/Jane|555/);
});

test('a column of links to other records fills no field: Airtable gives their ids only', async () => {
  const texts = ['At {{company}}', 'At {{company|your company}}'];
  const row = { company: ['recAAAAAAAAAAAAAA', 'recBBBBBBBBBBBBBB'] };

  expect(await filled(texts, row, { company: 'multipleRecordLinks' })).toEqual(['At your company']);
});

import { describe, expect, test } from '@jest/globals';
import type { CellValue } from '../../../emulators/airtable/airtable-emulator';
import { aCollaborator, type Row } from '../../../emulators/airtable/base-data';
import { mapCustomer } from '../../../lambdas/airtable/customer-record';
import { fieldsOf } from '../../../lambdas/templates/merge-fields';
import { templateCategories } from '../../../lambdas/templates/template-categories';
import { ANA, BOB } from '../../world/crm';

interface Filled {
  readonly texts: readonly string[];
  /** Why templates were left out. */
  readonly warnings: readonly string[];
}

/** The templates as Ana gets them for a customer with these cells, which have the types that Airtable gives them. */
function fill(texts: readonly string[], row: Row | null = {}): Filled {
  const record = row && { id: 'rec00000000000001', createdTime: '', fields: { id: 1, ...row } };
  const customer = record && mapCustomer(record, { defaultCountry: 'US' }).customer;
  const warnings: string[] = [];
  const templates = texts.map((text) => ({
    category: 'All',
    text,
    whatsAppApproved: false,
    contentSid: null,
  }));
  const categories = templateCategories(templates, fieldsOf(customer, ANA), (reason) =>
    warnings.push(reason),
  );
  return { texts: categories.flatMap((each) => each.templates.map(({ content }) => content)), warnings };
}

function filled(texts: readonly string[], row: Row): readonly string[] {
  return fill(texts, row).texts;
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
  ])('%j is filled from the customer %j', (text, row, expected) => {
    expect(filled([text], row)).toEqual([expected]);
  });

  test.each<[string, CellValue, string]>([
    ['plan', 'Gold', 'Gold'],
    ['Plan Name', 'Gold', 'Gold'],
    ['tags', ['a', 'b'], 'a, b'],
    ['balance', 0, '0'],
    ['balance', 12.5, '12.5'],
    ['since', '2024-05-01', '2024-05-01'],
    ['vip', true, 'true'],
    ['adviser', aCollaborator('Ana Li', ANA), 'Ana Li'],
    ['État', 'L', 'L'],
  ])('is filled from any column of the base: %s with %j', (column, cell, expected) => {
    const texts = [`{{${column}}}`, `{{ ${column.toUpperCase()} }}`];

    expect(filled(texts, { [column]: cell })).toEqual([expected, expected]);
  });

  test('is the exact column if two differ in case alone', () => {
    expect(filled(['{{Plan}} {{plan}}'], { Plan: 'Gold', plan: 'Tin' })).toEqual(['Gold Tin']);
  });

  test('worker is the writer, and owner the customer’s owner, by e-mail if the column is a collaborator', () => {
    for (const owner of [BOB, aCollaborator('Bob', BOB)]) {
      expect(filled(['{{worker}} for {{owner}}'], { owner })).toEqual([`${ANA} for ${BOB}`]);
    }
  });

  test('owner is the writing worker if the customer has no owner, or there is no customer', () => {
    expect(fill(['{{owner}}'], {}).texts).toEqual([ANA]);
    expect(fill(['{{owner}}'], null).texts).toEqual([ANA]);
  });

  test.each([
    ['Hello {{name|there}}', {}, 'Hello there'],
    ['Hello {{name | my friend }}', {}, 'Hello my friend'],
    ['Hello {{name|there}}', { name: 'Jane' }, 'Hello Jane'],
    ['Hello {{name|there}}', { name: '   ' }, 'Hello there'],
    ['{{nickname|either|or}}', {}, 'either|or'],
    ['{{ |no one}}', {}, 'no one'],
  ])('%j with a default gives for %j: %s', (text, row, expected) => {
    expect(filled([text], row)).toEqual([expected]);
  });
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
  ])('is left out, with the reason as a warning: %s', (text, missing) => {
    const row = { avatar: [{ url: 'https://example.com/a.png' }] };

    expect(fill([text, 'Good day'], row)).toEqual({
      texts: ['Good day'],
      warnings: [`Template 1 ("All") is left out: it has nothing for ${missing}`],
    });
  });

  test.each([
    ['x'.repeat(1_600), true],
    ['x'.repeat(1_601), false],
    [`${'x'.repeat(1_590)}{{name}}`, false],
  ])('is one that exceeds the length of a message', (text, fits) => {
    const warning = 'Template 1 ("All") is left out: it is longer than 1600 characters';

    expect(fill([text], { name: 'Jane Margaret Roe' })).toEqual(
      fits ? { texts: [text], warnings: [] } : { texts: [], warnings: [warning] },
    );
  });
});

test('the warnings contain no values of merge fields', () => {
  const { warnings } = fill(['Call {{sms}}', 'Hello {{name}}', '{{none}}'], {
    name: 'Jane',
    sms: '(415) 555-0123',
  });

  expect(warnings).toHaveLength(1);
  expect(warnings.join()).not.toMatch(/Jane|555/);
});

test('a column of links to other records fills no field: Airtable gives their ids only', () => {
  const texts = ['At {{company}}', 'At {{company|your company}}'];

  expect(filled(texts, { company: ['recAAAAAAAAAAAAAA', 'recBBBBBBBBBBBBBB'] })).toEqual(['At your company']);
});

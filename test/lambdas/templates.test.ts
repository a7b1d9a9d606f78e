import { describe, expect, test } from '@jest/globals';
import { ANA } from '../world/crm';
import { askTemplates, templateTexts } from '../world/templates';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const JANE = { id: 1, name: 'Jane Roe', owner: ANA };

async function worldOf(options: WorldOptions) {
  await startWorld({ customers: [JANE], ...options });
}

describe('the templates', () => {
  test("are grouped by category, both in the base's own order", async () => {
    await worldOf({
      templates: [
        { category: 'Reminders', text: 'Tomorrow at ten?', whatsAppApproved: true },
        { category: 'Openers', text: 'Hello {{name}}' },
        { category: 'Reminders', text: 'A last reminder' },
        { text: 'Loose' },
        { category: 'Openers', text: 'Good day', whatsAppApproved: true },
      ],
    });

    const { status, body, log } = await askTemplates(world, '1', { ConversationSid: `CH${'0'.repeat(32)}` });

    expect(status).toBe(200);
    expect(body).toEqual([
      {
        display_name: 'Reminders',
        templates: [
          { content: 'Tomorrow at ten?', whatsAppApproved: true },
          { content: 'A last reminder', whatsAppApproved: false },
        ],
      },
      {
        display_name: 'Openers',
        templates: [
          { content: 'Hello Jane Roe', whatsAppApproved: false },
          { content: 'Good day', whatsAppApproved: true },
        ],
      },
      { display_name: 'Other', templates: [{ content: 'Loose', whatsAppApproved: false }] },
    ]);
    expect(log).toMatchObject([{ callback: 'templates', customerId: '1', airtableRequests: 0, status: 200 }]);
  });

  test('may be more than a hundred, and keep their order', async () => {
    const texts = Array.from({ length: 110 }, (_, index) => `Template ${index}`);
    await worldOf({ templates: texts.map((text) => ({ category: 'All', text })) });

    expect(templateTexts(await askTemplates(world, '1'))).toEqual(texts);
  });

  test('are an empty list if the table is empty', async () => {
    await worldOf({ templates: [] });

    expect(await askTemplates(world, '1')).toMatchObject({ status: 200, body: [] });
  });

  test('leave out unfinished rows', async () => {
    await worldOf({ templates: [{}, { category: 'Openers' }, { text: ' \n ' }, { text: ' Hello \n' }] });

    const answer = await askTemplates(world, '1');

    expect(templateTexts(answer)).toEqual(['Hello']);
    expect(answer.log[0]).not.toHaveProperty('warnings');
  });

  test.each(['category', 'whatsAppApproved'])('work without the column %s', async (column) => {
    await worldOf({ templateColumns: { [column]: null }, templates: [{ text: 'Hello' }] });

    expect(templateTexts(await askTemplates(world, '1'))).toEqual(['Hello']);
  });
});

describe('the view', () => {
  test('that is configured decides order and selection', async () => {
    await worldOf({
      settings: { AIRTABLE_TEMPLATES_VIEW: 'For Frontline' },
      templates: ['c', 'hidden', 'a', 'b'].map((text) => ({ text })),
    });
    world.airtable.base.tables
      .find(({ name }) => name === 'Templates')
      ?.views.push({
        id: 'viwForFrontline00',
        name: 'For Frontline',
        type: 'grid',
        filterByFormula: '{text}!="hidden"',
        sort: [{ field: 'text' }],
      });
    await world.sync();

    expect(templateTexts(await askTemplates(world, '1'))).toEqual(['a', 'b', 'c']);
  });

  test('that is missing leaves out no template', async () => {
    await worldOf({
      settings: { AIRTABLE_TEMPLATES_VIEW: 'No such view' },
      templates: Array.from({ length: 120 }, (_, index) => ({ text: `Template ${index}` })),
    });

    expect(new Set(templateTexts(await askTemplates(world, '1'))).size).toBe(120);
  });
});

describe('the customer', () => {
  const templates = [{ text: 'Hello' }, { text: 'Hello {{name}}' }, { text: '{{worker}} here' }];

  test('may be absent: then only templates that need no customer are returned', async () => {
    await worldOf({ templates });

    const answer = await askTemplates(world, '');

    expect(templateTexts(answer)).toEqual(['Hello', `${ANA} here`]);
    expect(answer.log).toMatchObject([{ status: 200, airtableRequests: 0 }]);
  });

  test.each(['99', 'recAAAAAAAAAAAAAA', '" OR 1=1'])('that does not exist is a 404: %s', async (id) => {
    await worldOf({ templates });

    expect(await askTemplates(world, id)).toMatchObject({
      status: 404,
      body: { error: 'NotFound', message: `No customer has the id ${id}` },
    });
    expect(templateTexts(await askTemplates(world, '1'))).toHaveLength(3);
  });
});

describe('64 kB', () => {
  test('fit as many templates as possible; the others are logged', async () => {
    const texts = Array.from({ length: 90 }, (_, index) => `${index} ${'é"'.repeat(700)}`);
    await worldOf({ templates: texts.map((text) => ({ category: 'Long', text })) });

    const answer = await askTemplates(world, '1');

    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThanOrEqual(64_000);
    const given = templateTexts(answer);
    expect(given).toEqual(texts.slice(0, given.length));
    expect(given.length).toBeGreaterThan(15);
    expect(answer.log[0]?.['warnings']).toHaveLength(90 - given.length);
  });
});

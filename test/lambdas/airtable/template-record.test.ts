import { describe, expect, test } from '@jest/globals';
import { templatesTable } from '../../../emulators/airtable/base-data';
import { mapTemplate, readTemplates } from '../../../lambdas/airtable/template-record';
import { serve } from '../../emulators/airtable/serve';
import { openClient } from './open-client';

const map = (fields: Record<string, unknown>) => mapTemplate({ id: 'rec1', createdTime: '', fields });

describe('a record', () => {
  test('becomes a template', () => {
    const contentSid = `HX${'0a'.repeat(16)}`;

    expect(map({ category: 'Hello', text: ' Hi {{name}} ', whatsAppApproved: 'yes', contentSid })).toEqual({
      category: 'Hello',
      text: 'Hi {{name}}',
      whatsAppApproved: true,
      contentSid,
    });
  });

  test('needs only the text column', () => {
    expect(map({ text: 'Hi' })).toEqual({
      category: null,
      text: 'Hi',
      whatsAppApproved: false,
      contentSid: null,
    });
  });

  test('without a text is not a template', () => {
    expect(map({ category: 'Hello', text: ' \n' })).toBeNull();
  });

  test.each(['HX1', 'hello', `HX${'0'.repeat(33)}`, { error: '#ERROR!' }, 7])(
    'has no content SID where it holds %j',
    (contentSid) => {
      expect(map({ text: 'Hi', contentSid })).toMatchObject({ contentSid: null });
    },
  );
});

describe('the templates', () => {
  const rows = Array.from({ length: 120 }, (_, index) => ({ text: `Text ${index}` }));
  const texts = rows.map(({ text }) => text);

  test('come page by page in the order of the view, with the time of the first request', async () => {
    const airtable = await serve([templatesTable([...rows, { title: 'unfinished' }])]);

    const { templates, readAt } = await readTemplates(openClient(airtable), 'Grid view', () => {
      throw new Error('there is the view');
    });

    expect(templates.map(({ text }) => text)).toEqual(texts);
    expect(readAt).toBe(0);
    expect(airtable.requests).toMatchObject([
      { body: { view: 'Grid view' } },
      { body: { view: 'Grid view' } },
    ]);
  });

  test('come without the view where the table lacks it, and the caller is notified', async () => {
    const airtable = await serve([templatesTable(rows)]);
    let told = 0;

    const { templates } = await readTemplates(openClient(airtable), 'Nowhere', () => {
      told += 1;
    });

    expect(templates).toHaveLength(120);
    expect(told).toBe(1);
  });

  test('are read again when the list iterator expires', async () => {
    const airtable = await serve([templatesTable(rows)]);
    airtable.faults.next(1, { kind: 'iterator-loss' }, ({ body }) => JSON.stringify(body).includes('offset'));

    const { templates } = await readTemplates(openClient(airtable), 'Grid view', () => {});

    expect(templates.map(({ text }) => text)).toEqual(texts);
  });
});

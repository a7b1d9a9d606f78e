import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRoute, paths, withSearch } from '../../inbox/logic/address';
import { highlightParts } from '../../inbox/logic/highlight';
import { hue, initials } from '../../inbox/logic/initials';
import { linkParts } from '../../inbox/logic/links';

const links = (text: string) =>
  linkParts(text).flatMap(({ text: shown, href }) => (href ? [[shown, href]] : []));

describe('links in messages', () => {
  test('web addresses are links, without the sentence around them', () => {
    expect(links('See https://example.com/a?b=1&c=2, please.')).toEqual([
      ['https://example.com/a?b=1&c=2', 'https://example.com/a?b=1&c=2'],
    ]);
    expect(links('(www.example.com)')).toEqual([['www.example.com', 'https://www.example.com/']]);
    expect(links('https://en.wikipedia.org/wiki/Inbox_(mail)!')).toEqual([
      ['https://en.wikipedia.org/wiki/Inbox_(mail)', 'https://en.wikipedia.org/wiki/Inbox_(mail)'],
    ]);
  });

  test('hundreds of thousands of brackets or dots hold up no page', () => {
    const started = performance.now();
    const many = (repeated: string) => repeated.repeat(300_000);
    for (const end of [many(')'), many('.'), many(').'), `${many('.')}x`]) {
      const text = `https://example.com/${end}`;
      const shown = linkParts(text).map((part) => part.text);
      expect(shown.join('')).toBe(text);
    }
    // Half a second; minutes if each bracket led through the whole text.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('nothing but http and https becomes a link', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'mailto:a@b.c',
      'file:///etc/passwd',
      'https://',
    ]) {
      expect(links(text)).toEqual([]);
    }
  });

  test('no character of any text is lost, and every link is http or https', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl().map((url) => `(${url}). <b>${url}`),
        ),
        (text) => {
          const parts = linkParts(text);
          expect(parts.map((part) => part.text).join('')).toBe(text);
          for (const { href } of parts) if (href !== undefined) expect(href).toMatch(/^https?:\/\//u);
        },
      ),
    );
  });
});

describe('highlighting', () => {
  test('case, accents and apostrophes do not matter', () => {
    expect(highlightParts('Zoë O’Brien', 'zoe o')).toEqual([
      { text: 'Zoë O', matches: true },
      { text: '’Brien', matches: false },
    ]);
    expect(highlightParts('Núñez', 'nun')).toEqual([
      { text: 'Núñ', matches: true },
      { text: 'ez', matches: false },
    ]);
  });

  test('no character of any text is lost', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 3 }),
        (text, query) => {
          expect(
            highlightParts(text, query)
              .map((part) => part.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});

describe('initials', () => {
  test('come from the first and the last word, in any script', () => {
    expect(initials('Jane Mary Ardern')).toBe('JA');
    expect(initials('王小明')).toBe('王');
    expect(initials('“bob”')).toBe('B');
    expect(initials('+44 20 7946 0018')).toBe('#');
    expect(initials('')).toBe('#');
  });

  test('have one of eight colours, the same for an id each time', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(hue(id)).toBe(hue(id));
        expect(hue(id)).toBeGreaterThanOrEqual(0);
        expect(hue(id)).toBeLessThan(8);
      }),
    );
  });
});

describe('addresses', () => {
  test('of pages are read back with any customer id', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((id) => !['new', '.', '..'].includes(id)),
        (customerId) => {
          expect(parseRoute(withSearch(paths.customer(customerId), 'a/b?'))).toEqual({
            page: 'customers',
            customerId,
          });
          expect(parseRoute(paths.newChat(customerId, 'whatsapp'))).toEqual({
            page: 'new-chat',
            customerId,
            channel: 'whatsapp',
          });
        },
      ),
    );
  });

  test('that the app does not have are the chats', () => {
    expect(parseRoute('/')).toEqual({ page: 'chats', chatSid: null });
    expect(parseRoute('/elsewhere')).toEqual({ page: 'chats', chatSid: null });
    expect(parseRoute('/chats/CH1#details')).toEqual({ page: 'chats', chatSid: 'CH1' });
    expect(parseRoute('/customers/541/chat')).toEqual({ page: 'customer-chat', customerId: '541' });
    expect(parseRoute('/customers/541/new/fax')).toEqual({ page: 'customers', customerId: '541' });
    expect(parseRoute('/customers/%E0%A4%A')).toEqual({ page: 'customers', customerId: '%E0%A4%A' });
  });
});

import { describe, expect, test } from '@jest/globals';
import { apiIn, type PageAddresses, pageFor } from '../../../../cli/inbox/site/page';

const ADDRESSES: PageAddresses = {
  apiUrl: 'https://api.example.com',
  liveUrl: 'wss://live.example.com/live',
  signInUrl: 'https://sign-in.example.com',
  clientId: 'client1',
  mediaUrl: null,
};
const HTML =
  '<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8" />\n    <title>Inbox</title>\n  </head>';

describe('the deployed page', () => {
  test('has policy and addresses before everything else that the head has', () => {
    const page = pageFor(HTML, ADDRESSES);

    const names = [...page.matchAll(/<(?:meta|title)(?: (?:http-equiv|name)="([^"]+)")?/g)];
    expect(names.map(([tag, name]) => name ?? tag)).toEqual([
      '<meta',
      'Content-Security-Policy',
      'inbox-api',
      'inbox-sign-in',
      'inbox-client-id',
      '<title',
    ]);
    expect(page).toContain('<meta name="inbox-api" content="https://api.example.com" />');
    expect(page).toContain('<meta name="inbox-sign-in" content="https://sign-in.example.com" />');
    expect(page).toContain('<meta name="inbox-client-id" content="client1" />');
    expect(page.endsWith('<title>Inbox</title>\n  </head>')).toBe(true);
  });

  test('may send requests to its own origin, the API, the live socket and the sign-in, and nowhere else', () => {
    const page = pageFor(HTML, ADDRESSES);

    expect(page).toContain('content="default-src &#39;none&#39;;');
    expect(page).toContain(
      'connect-src &#39;self&#39; https://api.example.com wss://live.example.com https://sign-in.example.com',
    );
    expect(page).not.toContain('frame-ancestors');
  });

  test('takes no value for markup', () => {
    const clientId = '"><script>alert(1)</script>&amp;';

    expect(pageFor(HTML, { ...ADDRESSES, clientId })).toContain(
      'content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"',
    );
  });

  test('is not made of a page without a charset', () => {
    expect(() => pageFor('<head></head>', ADDRESSES)).toThrow('charset');
  });
});

describe('the API of a page', () => {
  test('is read as it was written', () => {
    const apiUrl = 'https://api.example.com/?a=1&b="2"';

    expect(apiIn(pageFor(HTML, { ...ADDRESSES, apiUrl }))).toBe(apiUrl);
  });

  test('is null for any other page', () => {
    expect(apiIn(HTML)).toBeNull();
  });
});

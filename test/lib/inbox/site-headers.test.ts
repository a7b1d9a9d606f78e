import { describe, expect, test } from '@jest/globals';
import { headerPolicy, pagePolicy, wholePolicy } from '../../../lib/inbox/site-headers';

const CONNECT = ['https://api.example.com', 'wss://live.example.com'];
const directivesOf = (policy: string) =>
  new Map(
    policy
      .split('; ')
      .map((each) => [each.slice(0, each.indexOf(' ')), each.slice(each.indexOf(' ') + 1)] as const),
  );

const header = directivesOf(headerPolicy(null));
const page = directivesOf(pagePolicy({ mediaUrl: null, connect: CONNECT }));

describe('the policy in the header', () => {
  test('lets scripts and styles come from the site only, and no other site frame it', () => {
    expect(header.get('script-src')).toBe("'self'");
    expect(header.get('style-src')).toBe("'self'");
    expect(header.get('frame-ancestors')).toBe("'none'");
    expect(header.get('base-uri')).toBe("'none'");
    expect(headerPolicy(null)).not.toMatch(/unsafe|\*/);
  });

  test('leaves requests to the page, whose policy names the API', () => {
    expect([...header.keys()]).not.toContain('connect-src');
    expect([...header.keys()]).not.toContain('default-src');
    expect(page.get('connect-src')).toBe(`'self' ${CONNECT.join(' ')}`);
    expect(page.get('default-src')).toBe("'none'");
  });

  test("shows files of messages from Twilio's media service, and in a trial from its substitute", () => {
    expect(header.get('img-src')).toBe("'self' data: blob: https://media.us1.twilio.com");
    expect(directivesOf(headerPolicy('http://127.0.0.1:5004/media')).get('media-src')).toBe(
      "'self' https://media.us1.twilio.com http://127.0.0.1:5004",
    );
  });
});

test('the policy in the page has no directive that a meta tag may not carry', () => {
  for (const name of page.keys()) expect(name).not.toMatch(/frame-ancestors|sandbox|report/);
});

test('header and page agree, and the demo has both in one', () => {
  const whole = directivesOf(wholePolicy({ mediaUrl: null, connect: CONNECT }));

  for (const [name, sources] of [...header, ...page]) expect(whole.get(name)).toBe(sources);
  expect(whole.size).toBe(new Set([...header.keys(), ...page.keys()]).size);
});

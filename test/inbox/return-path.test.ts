import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { returnPath } from '../../inbox/sign-in/return-path';

const ORIGIN = 'https://inbox.example.com';

describe('the path after sign-in', () => {
  test.each([
    '/',
    '/chats',
    '/chats/CH0123',
    '/customers/541/chat',
    '/customers?q=jane%20doe',
    '/chats/CH0123#details',
    '/settings',
  ])('is the page that the worker came from: %s', (path) => {
    expect(returnPath(path, ORIGIN)).toBe(path);
  });

  test.each([
    '',
    'chats',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/chats\u0000',
    '/chats\\..\\..\\',
    'https://evil.example/chats',
    'https://inbox.example.com.evil.example/chats',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '/chats/..//evil.example',
    '/chats/../../evil',
    '/.//evil.example',
    '/%2F/evil.example',
    '/assets/index.js',
    '/sign-in',
    '/sign-in?code=1&state=2',
    '/chats-of',
    '//inbox.example.com@evil.example/chats',
  ])('is the start page for %j', (path) => {
    expect(returnPath(path, ORIGIN)).toBe('/');
  });

  test('is never another origin, and never changes when taken again', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '..',
      '.',
      'chats',
      '@',
      ':',
      '%2f',
      '\t',
      '?',
      '#',
      'evil.example',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (path) => {
        const opened = returnPath(path.join(''), ORIGIN);
        expect(new URL(opened, ORIGIN).origin).toBe(ORIGIN);
        expect(opened.startsWith('//')).toBe(false);
        expect(returnPath(opened, ORIGIN)).toBe(opened);
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { pageToken, positionOf, slice } from '../../../emulators/core/paging';
import { Router, under } from '../../../emulators/core/router';

const router = new Router(
  under('/v1', {
    'GET /Things/:key': 'one',
    'POST /Things/:key': 'change',
    'GET /Things/all': 'all',
    'GET /:any/:key': 'other',
    '* /Others': 'not emulated',
  }),
);

describe('a route', () => {
  test.each([
    ['GET', '/v1/Things/a%2Fb', 'one'],
    ['POST', '/v1/Things/x', 'change'],
    ['GET', '//v1/Things/all/', 'all'],
    ['GET', '/v1/Elsewhere/x', 'other'],
    ['DELETE', '/v1/Others', 'not emulated'],
  ])('%s %s is found', (method, path, handler) => {
    expect(router.find(method, path)).toMatchObject({ kind: 'found', handler });
  });

  test('gives its parameters decoded', () => {
    const match = router.find('GET', '/v1/Things/a%2Fb');

    expect(match.kind === 'found' && match.param('key')).toBe('a/b');
  });

  test('is not found by another method, and the allowed ones are named', () => {
    expect(router.find('DELETE', '/v1/Things/x')).toEqual({ kind: 'wrong-method', allowed: ['GET', 'POST'] });
  });

  test.each(['/v1', '/v2/Things/x', '/v1/Things/x/y', '/v1/Things/%zz'])('does not exist for %s', (path) => {
    expect(router.find('GET', path)).toEqual({ kind: 'unknown-path' });
  });
});

test('a list is read in slices by their tokens', () => {
  const { items, next } = slice(['a', 'b', 'c'], 0, 2);

  expect([items, positionOf(pageToken(next ?? 0))]).toEqual([['a', 'b'], 2]);
  expect(slice(['a', 'b', 'c'], 2, 2)).toEqual({ items: ['c'], next: null });
  expect(positionOf('none')).toBeNull();
});

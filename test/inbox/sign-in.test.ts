import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DEPLOYMENT_METAS, readDeployment } from '../../inbox/api/deployment';
import { parseCallback } from '../../inbox/sign-in/callback';
import { challengeOf, randomText } from '../../inbox/sign-in/pkce';
import { beginAttempt, takeAttempt } from '../../inbox/sign-in/sign-in-attempt';
import { SIGN_IN_MS, SignInStore } from '../../inbox/sign-in/sign-in-store';
import { SignOutMarks } from '../../inbox/sign-in/sign-out-marks';
import { MemoryStorage } from './helpers/memory-storage';

describe('the deployment in the page', () => {
  const metas = (values: Readonly<Record<string, string>>) => (name: string) => values[name] ?? null;
  const complete = {
    [DEPLOYMENT_METAS.apiUrl]: 'https://api.example.com',
    [DEPLOYMENT_METAS.signInUrl]: 'https://sign-in.example.com/',
    [DEPLOYMENT_METAS.clientId]: 'abc123',
  };

  test('is read from its meta tags', () => {
    expect(readDeployment(metas(complete))).toEqual({
      apiUrl: 'https://api.example.com',
      signInUrl: 'https://sign-in.example.com',
      clientId: 'abc123',
    });
  });

  test('without meta tags, it is the demo', () => {
    expect(readDeployment(metas({}))).toBeNull();
  });

  test.each([
    ['only some', { 'inbox-api': 'https://api.example.com' }],
    ['a blank client', { ...complete, 'inbox-client-id': '' }],
    ['a script', { ...complete, 'inbox-sign-in': 'javascript:alert(1)' }],
    ['a path', { ...complete, 'inbox-api': '/api' }],
    ['a query', { ...complete, 'inbox-api': 'https://api.example.com?x' }],
  ])('a page with %s is not taken for the demo', (_, values) => {
    expect(() => readDeployment(metas(values))).toThrow('npx frontline setup --inbox');
  });
});

describe('PKCE', () => {
  test("the challenge of RFC 7636's example", async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  test('a verifier is long, fit for an address, and never the same', async () => {
    const [one, other] = [randomText(), randomText()];
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(one).not.toBe(other);
    expect(await challengeOf(one)).toBe(createHash('sha256').update(one).digest('base64url'));
  });
});

describe('an attempt to sign in', () => {
  const asked = { returnTo: '/chats/CH1', identity: 'ana@example.com' };

  test('is used up by its own answer, once', () => {
    const tab = new MemoryStorage();
    const attempt = beginAttempt(tab, asked);
    expect(attempt).toMatchObject(asked);
    expect(takeAttempt(tab, 'another state')).toBeNull();
    expect(takeAttempt(tab, null)).toBeNull();
    expect(takeAttempt(tab, attempt?.state ?? '')).toEqual(attempt);
    expect(takeAttempt(tab, attempt?.state ?? '')).toBeNull();
  });

  test("is this tab's only: the answer to another tab's is foreign", () => {
    const [tab, otherTab] = [new MemoryStorage(), new MemoryStorage()];
    beginAttempt(tab, asked);
    const other = beginAttempt(otherTab, asked);
    expect(takeAttempt(tab, other?.state ?? '')).toBeNull();
  });

  test('does not begin where the browser stores nothing', () => {
    const tab = new MemoryStorage();
    tab.isFull = true;
    expect(beginAttempt(tab, asked)).toBeNull();
  });
});

describe("the provider's answer", () => {
  test.each([
    ['/sign-in', '?code=c&state=s', { kind: 'code', code: 'c', state: 's' }],
    ['/sign-in', '?code=c', { kind: 'code', code: 'c', state: null }],
    ['/sign-in', '?error=access_denied&state=s', { kind: 'error', error: 'access_denied', state: 's' }],
    ['/sign-in', '?error=Call+0800+now&state=s', { kind: 'error', error: 'unknown_error', state: 's' }],
    ['/sign-in', '?state=s', null],
    ['/sign-in', '?code=', null],
    ['/chats', '?code=c&state=s', null],
  ])('%s%s', (pathname, search, answer) => {
    expect(parseCallback({ pathname, search })).toEqual(answer);
  });
});

describe('the sign-in of a browser', () => {
  const NOON = Date.UTC(2026, 10, 26, 12);

  test('lasts twelve hours: later, a page does not even ask', () => {
    const storage = new MemoryStorage();
    let now = NOON;
    const store = new SignInStore(storage, () => now);
    store.add({ id: 'a', refreshToken: 'r' });
    now += SIGN_IN_MS - 1;
    expect(store.readAtStart()?.refreshToken).toBe('r');
    now += 2;
    // An open page leaves that to the provider, not to its clock.
    expect(store.read()?.refreshToken).toBe('r');
    expect(store.readAtStart()).toBeNull();
    expect(storage.length).toBe(0);
  });

  test('a new token of the same sign-in does not lengthen it, and none replaces another sign-in', () => {
    let now = NOON;
    const store = new SignInStore(new MemoryStorage(), () => now);
    store.add({ id: 'a', refreshToken: 'r1' });
    now += 1_000;
    store.replaceToken('a', 'r2');
    expect(store.read()).toEqual({ id: 'a', refreshToken: 'r2', until: NOON + SIGN_IN_MS });
    store.replaceToken('b', 'r3');
    store.clear('b');
    expect(store.read()?.refreshToken).toBe('r2');
    store.clear('a');
    expect(store.read()).toBeNull();
  });
});

describe('how far a sign-out got', () => {
  const NOON = Date.UTC(2026, 10, 26, 12);

  function browser() {
    const shared = new MemoryStorage();
    const time = { now: NOON };
    const marks = new SignOutMarks(shared, new MemoryStorage(), () => time.now);
    const otherTab = new SignOutMarks(shared, new MemoryStorage(), () => time.now);
    return { marks, otherTab, time };
  }

  test('it is pending in every tab until one came back from the provider', () => {
    const { marks, otherTab } = browser();
    expect(otherTab.isPending).toBe(false);
    marks.begin();
    expect(otherTab.isPending).toBe(true);
    expect(otherTab.comeBack(true)).toBeNull();
    marks.leaveFor('stay');
    expect(marks.comeBack(true)).toBe('stay');
    expect(otherTab.isPending).toBe(false);
    expect(marks.comeBack(true)).toBeNull();
  });

  test('going back from an error page is not coming back from the provider', () => {
    const { marks } = browser();
    marks.begin();
    marks.leaveFor('sign-in');
    expect(marks.comeBack(false)).toBeNull();
    expect(marks.isPending).toBe(true);
  });

  test("is not asked for again after the provider's own session is over", () => {
    const { marks, time } = browser();
    marks.begin();
    time.now += 61 * 60_000;
    expect(marks.isPending).toBe(false);
  });

  test('a sign-in restarts by itself once, not in a loop', () => {
    const { marks, time } = browser();
    expect(marks.mayRestart()).toBe(true);
    expect(marks.mayRestart()).toBe(false);
    time.now += 31_000;
    expect(marks.mayRestart()).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import { SignInStore } from '../../inbox/sign-in/sign-in-store';
import { type EndReason, type TabMessage, TokenKeeper } from '../../inbox/sign-in/token-keeper';
import { ProviderUnreachableError, SignInEndedError } from '../../inbox/sign-in/token-requests';
import { FakeTime, settled } from './helpers/fake-time';
import { MemoryStorage } from './helpers/memory-storage';

const MINUTE = 60_000;
const LIFE_MS = 15 * MINUTE;

/** A browser with tabs that share storage, a lock and a channel, and a provider with the answers of the test. */
class Browser {
  readonly time = new FakeTime();
  readonly storage = new MemoryStorage();
  readonly asked: string[] = [];
  readonly ended: EndReason[] = [];
  /** The two clocks, relative to the time that passes. */
  readonly clock = { wallAhead: 0, monotonicBehind: 0 };
  provider: 'ok' | 'refuses' | 'unreachable' = 'ok';
  /** How long the provider takes. */
  slowMs = 0;
  rotates = false;
  readonly #tabs: TokenKeeper[] = [];
  #lock: Promise<unknown> = Promise.resolve();
  #isLocked = false;

  tab(): TokenKeeper {
    const tab: TokenKeeper = new TokenKeeper({
      store: new SignInStore(this.storage, () => this.time.now + this.clock.wallAhead),
      refresh: (token) => this.#refresh(token),
      exclusively: (run) => this.#exclusively(run),
      send: (message) => this.sendToOthers(tab, message),
      clock: {
        monotonic: () => this.time.now - this.clock.monotonicBehind,
        wall: () => this.time.now + this.clock.wallAhead,
      },
      schedule: this.time.schedule,
      onEnded: (reason) => this.ended.push(reason),
    });
    this.#tabs.push(tab);
    return tab;
  }

  /** A tab that has just signed in, with the token `first`. */
  signedIn(): TokenKeeper {
    const tab = this.tab();
    tab.begin({ accessToken: 'first', expiresInMs: LIFE_MS, refreshToken: 'r0' });
    return tab;
  }

  sendToOthers(sender: TokenKeeper, message: TabMessage): void {
    for (const tab of this.#tabs) if (tab !== sender) tab.receive(structuredClone(message));
  }

  async #refresh(refreshToken: string) {
    this.asked.push(refreshToken);
    const number = this.asked.length;
    if (this.slowMs > 0) await new Promise<void>((resolve) => void this.time.schedule(resolve, this.slowMs));
    if (this.provider === 'refuses') throw new SignInEndedError('invalid_grant');
    if (this.provider === 'unreachable') throw new ProviderUnreachableError('no route');
    return {
      accessToken: `token ${number}`,
      expiresInMs: LIFE_MS,
      refreshToken: this.rotates ? `r${number}` : null,
    };
  }

  async #exclusively<T>(run: (hasWaited: boolean) => Promise<T>): Promise<T> {
    const hasWaited = this.#isLocked;
    this.#isLocked = true;
    const mine = this.#lock.then(() => run(hasWaited));
    this.#lock = mine.catch(() => undefined);
    const last = this.#lock;
    return mine.finally(() => {
      if (this.#lock === last) this.#isLocked = false;
    });
  }
}

describe('the access token', () => {
  test('is asked for once while it is valid, and replaced ahead of its 15 minutes', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    await browser.time.pass(12 * MINUTE);
    expect(await tab.token()).toBe('first');
    expect(browser.asked).toEqual([]);
    await browser.time.pass(2 * MINUTE);
    expect(browser.asked).toEqual(['r0']);
    expect(await tab.token()).toBe('token 1');
    await browser.time.pass(60 * MINUTE);
    expect(browser.asked).toHaveLength(5);
  });

  test('only the refresh token is ever stored', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    await browser.time.pass(20 * MINUTE);
    await tab.token();
    const stored = Array.from({ length: browser.storage.length }, (_, at) =>
      browser.storage.getItem(browser.storage.key(at) ?? ''),
    ).join(' ');
    expect(stored).toContain('r0');
    expect(stored).not.toMatch(/first|token \d/);
  });

  test('a page that is opened later begins with the stored sign-in', async () => {
    const browser = new Browser();
    browser.signedIn();
    const later = browser.tab();
    expect(later.adopt()).toBe(true);
    expect(await later.token()).toBe('token 1');
    expect(new Browser().tab().adopt()).toBe(false);
  });

  test('one of two tabs asks, the other takes its answer', async () => {
    const browser = new Browser();
    const one = browser.signedIn();
    const other = browser.tab();
    other.adopt();
    browser.slowMs = 500;
    await browser.time.pass(1);
    const both = Promise.all([one.replace('first'), other.token()]);
    await browser.time.pass(2_000);
    expect(await both).toEqual(['token 1', 'token 1']);
    expect(browser.asked).toEqual(['r0']);
    await browser.time.pass(13 * MINUTE);
    expect(browser.asked).toEqual(['r0', 'r0']);
    expect([await one.token(), await other.token()]).toEqual(['token 2', 'token 2']);
  });

  test('the second tab asks itself where the first one failed', async () => {
    const browser = new Browser();
    const one = browser.signedIn();
    const other = browser.tab();
    other.adopt();
    browser.provider = 'unreachable';
    browser.slowMs = 500;
    const first = one.replace('first').catch(String);
    const second = other.token();
    await browser.time.pass(499);
    browser.time.schedule(() => {
      browser.provider = 'ok';
    }, 2);
    await browser.time.pass(2_000);
    expect(await first).toContain('ProviderUnreachableError');
    expect(await second).toBe('token 2');
  });

  test('many requests at once lead to one question', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tab.replace('first')));
    expect(new Set(answers)).toEqual(new Set(['token 1']));
    expect(browser.asked).toHaveLength(1);
    // One that was rejected after it had been replaced already leads to none.
    expect(await tab.replace('first')).toBe('token 1');
    expect(browser.asked).toHaveLength(1);
  });

  test('a refresh token that the provider rotates is kept', async () => {
    const browser = new Browser();
    browser.rotates = true;
    const tab = browser.signedIn();
    await tab.replace('first');
    await tab.replace('token 1');
    expect(browser.asked).toEqual(['r0', 'r1']);
  });
});

describe('clocks', () => {
  test('after sleep, in which the monotonic clock stood still, the token is replaced', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    await settled();
    browser.clock.wallAhead = 40 * MINUTE;
    expect(await tab.token()).toBe('token 1');
  });

  test('a wall clock that is set back does not lengthen a token', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    browser.clock.wallAhead = -24 * 60 * MINUTE;
    await browser.time.pass(14 * MINUTE);
    expect(await tab.token()).toBe('token 1');
  });

  test('a wall clock that jumps by a day ends no sign-in', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    browser.clock.wallAhead = 24 * 60 * MINUTE;
    expect(await tab.token()).toBe('token 1');
    expect(await tab.replace('token 1')).toBe('token 2');
    expect(browser.ended).toEqual([]);
  });
});

describe('the end of a sign-in', () => {
  test('a provider that cannot be reached never ends it: the token is used up, then asked for again', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    browser.provider = 'unreachable';
    await browser.time.pass(14 * MINUTE + 45_000);
    expect(await tab.token()).toBe('first');
    await browser.time.pass(5 * MINUTE);
    await expect(tab.token()).rejects.toThrow(ProviderUnreachableError);
    expect(browser.ended).toEqual([]);
    const before = browser.asked.length;
    // Twenty minutes of attempts are not a hammering.
    expect(before).toBeLessThan(40);
    browser.provider = 'ok';
    await browser.time.pass(15_000);
    expect(browser.asked.length).toBe(before + 1);
    expect(await tab.token()).toMatch(/^token/);
  });

  test('the provider ends it, in every tab, and the refresh token is forgotten', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    const other = browser.tab();
    other.adopt();
    browser.provider = 'refuses';
    await expect(tab.replace('first')).rejects.toThrow(SignInEndedError);
    expect(browser.ended).toEqual(['ended', 'ended']);
    expect([tab.signIn, other.signIn]).toEqual([null, null]);
    expect(browser.storage.length).toBe(0);
    await expect(other.token()).rejects.toThrow(SignInEndedError);
    expect(browser.asked).toHaveLength(1);
  });

  test('a sign-out while another tab asks: its answer is not taken up', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    const other = browser.tab();
    other.adopt();
    const id = tab.signIn ?? '';
    browser.slowMs = 500;
    const asked = other.token().catch(String);
    await browser.time.pass(100);
    tab.forget();
    browser.sendToOthers(tab, { kind: 'signed-out', signIn: id });
    await browser.time.pass(1_000);
    expect(await asked).toContain('SignInEndedError');
    expect(browser.ended).toEqual(['signed-out']);
    expect(other.signIn).toBeNull();
  });

  test('a request from before a new sign-in does not end that one', async () => {
    const browser = new Browser();
    const tab = browser.signedIn();
    browser.slowMs = 500;
    browser.provider = 'refuses';
    const asked = tab.replace('first').catch((error: unknown) => error);
    await browser.time.pass(100);
    browser.tab().begin({ accessToken: 'second', expiresInMs: LIFE_MS, refreshToken: 'r1' });
    tab.adopt();
    await browser.time.pass(1_000);
    expect(await asked).toBeInstanceOf(ProviderUnreachableError);
    expect(browser.ended).toEqual([]);
    expect(tab.signIn).not.toBeNull();
  });

  test("another worker's tokens are not taken up by a tab of the worker before", async () => {
    const browser = new Browser();
    const ana = browser.signedIn();
    const bashir = browser.tab();
    bashir.begin({ accessToken: "Bashir's", expiresInMs: LIFE_MS, refreshToken: "Bashir's r" });
    await bashir.replace("Bashir's");
    expect(await ana.token()).toBe('first');
    // Nor does it ask with the other one's refresh token.
    await expect(ana.replace('first')).rejects.toThrow(SignInEndedError);
    expect(browser.asked).toEqual(["Bashir's r"]);
    expect(browser.ended).toEqual(['ended']);
    expect(bashir.signIn).not.toBeNull();
  });

  test.each([
    null,
    'text',
    { kind: 'token' },
    { kind: 'token', signIn: 'another', accessToken: 'x', expiresInMs: 1 },
    { kind: 'signed-out', signIn: 'another' },
  ])('a message that is not of this sign-in changes nothing: %j', async (message) => {
    const browser = new Browser();
    const tab = browser.signedIn();
    tab.receive(message);
    expect(await tab.token()).toBe('first');
    expect(browser.ended).toEqual([]);
  });
});

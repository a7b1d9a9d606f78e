import * as v from 'valibot';
import { API_BASE, ChatList } from '../../../../lambdas/inbox/api';
import { becomes, same, sees, seesNo } from '../expect';
import { DESK, type WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

const LATE = { name: 'Lotta Late', number: '+16285550177' };

/** Slow and failing answers: they arrive when the worker has gone on, and are not asked for without end. */
export async function lateAnswers(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step('Late answers');
  const ana = await world.open({ worker: 'Ana Beltrán' });
  await leaving(world, ana);
  await lists(world, ana);
  await pictures(world, ana);
  await world.done(ana);
  await refusedNotification(world);
}

async function leaving(world: InboxWorld, ana: WorkerPage): Promise<void> {
  const { report, longChat } = world;
  const { page } = ana;
  const body = { name: LATE.name, sms: LATE.number, whatsapp: null };
  same('the status', await ana.post(`${API_BASE}/customers`, body), 200);
  const goElsewhere = async () => {
    await page.getByRole('link', { name: 'Chats' }).click();
    await ana.openChat(longChat.name);
    await ana.composer.fill('For Rosa only');
    // Off the list, whose rows keep their places under a mouse.
    await page.mouse.move(800, 400);
  };
  const isElsewhere = async () => {
    same('the address', (await ana.address()).pathname, `/chats/${longChat.sid}`);
    same('the composer', await ana.composer.inputValue(), 'For Rosa only');
  };

  await report.check('a chat that starts late does not take the worker out of another one', async () => {
    await ana.goto(`/customers?q=${encodeURIComponent(LATE.name)}`);
    await ana.row(LATE.name).click();
    await ana.button('Write by SMS').click();
    const held = await hold(page, 'POST', `${API_BASE}/chats`);
    await ana.write('Hello Lotta');
    await held.asked();
    await goElsewhere();
    const answered = page.waitForResponse(
      (response) =>
        response.request().method() === 'POST' && new URL(response.url()).pathname === `${API_BASE}/chats`,
    );
    held.release();
    await (await answered).finished();
    await sees(ana.row(LATE.name));
    await frames(page, 10);
    await isElsewhere();
  });
  await report.check('one that could not be started says so, wherever the worker is', async () => {
    await ana.goto('/customers?q=Sam%20Hern');
    await ana.row(/Sam Hernández/).click();
    await ana.button('Write by SMS').click();
    const held = await hold(page, 'POST', `${API_BASE}/chats`);
    await ana.write('Hello Sam');
    await held.asked();
    await goElsewhere();
    held.lose();
    await sees(page.locator('.toast').filter({ hasText: 'Not sent. No connection.' }));
    await isElsewhere();
  });
  await report.check(
    'closing a chat that fails late says so, and leaves the other one as it is',
    async () => {
      await ana.openChat(LATE.name);
      await ana.button('Close chat').click();
      const pane = page.getByRole('complementary', { name: 'Close chat' });
      const held = await hold(page, 'POST', /\/close$/);
      await pane.getByRole('button', { name: 'Close chat' }).click();
      await held.asked();
      await goElsewhere();
      held.lose();
      await sees(page.locator('.toast').filter({ hasText: 'Close chat: No connection.' }));
      await isElsewhere();
    },
  );
  await report.check('a chat that is transferred late does not close another one', async () => {
    await ana.openChat(LATE.name);
    await ana.button('Transfer').click();
    const held = await hold(page, 'POST', /\/transfer$/);
    await ana.button(/Bashir Haddad/).click();
    await held.asked();
    await goElsewhere();
    held.release();
    await sees(page.locator('.toast').filter({ hasText: 'The chat is with Bashir Haddad now.' }));
    await isElsewhere();
    await ana.composer.fill('');
  });
}

async function lists({ report }: InboxWorld, ana: WorkerPage): Promise<void> {
  const { page } = ana;
  let rest: 'answers' | 'fails' = 'answers';
  let failures = 0;
  // The real list in two pages.
  await page.route(
    ({ pathname, searchParams }) => pathname === `${API_BASE}/chats` && searchParams.get('filter') === 'all',
    async (route) => {
      const url = new URL(route.request().url());
      const isRest = url.searchParams.get('cursor') === 'rest';
      if (isRest && rest === 'fails') {
        failures += 1;
        return route.abort();
      }
      url.searchParams.delete('cursor');
      const response = await route.fetch({ url: url.toString() });
      const list = v.parse(ChatList, await response.json());
      const chats = isRest ? list.chats.slice(2) : list.chats.slice(0, 2);
      return route.fulfill({ json: { ...list, chats, nextCursor: isRest ? null : 'rest' } });
    },
  );
  await report.check('a chat that is not loaded yet is found by its name', async () => {
    const names = page.locator('.list .row-name');
    await ana.goto('/chats');
    await becomes(
      'the number of rows',
      () => names.count(),
      (count) => count > 5,
    );
    const last = await names.nth(4).innerText();
    await ana.goto(`/chats?q=${encodeURIComponent(last)}`);
    await sees(ana.row(last));
  });
  await report.check('a page that fails is not asked for again and again', async () => {
    rest = 'fails';
    await ana.goto('/chats');
    await becomes(
      'failed requests',
      () => failures,
      (count) => count > 0,
    );
    await frames(page, 90);
    if (failures > 2) throw new Error(`It was asked for ${failures} times`);
    await page.unrouteAll();
  });
}

async function pictures({ report, twilio, picture, longChat }: InboxWorld, ana: WorkerPage): Promise<void> {
  const { page } = ana;
  await report.check('a picture is asked for when it comes near the view', async () => {
    await ana.goto('/customers');
    await twilio.receiveMessage({ from: longChat.address, body: '', media: [picture] });
    for (const part of ['First', 'Second', 'Third']) {
      await twilio.receiveMessage({ from: longChat.address, body: `${part}\n${'line\n'.repeat(60)}` });
    }
    const toEnd = ana.button(/^↓ \d+ new|To the newest message/);
    // Read once, so that it opens at its end.
    await ana.goto(`/chats/${longChat.sid}`);
    await toEnd.click();
    await becomes(
      'the unread count',
      () => page.locator('.row-open .badge').count(),
      (count) => count === 0,
    );
    await ana.goto('/customers');
    let asked = 0;
    page.on('request', (request) => {
      if (/\/api\/.*\/media\//.test(request.url())) asked += 1;
    });
    await ana.goto(`/chats/${longChat.sid}`);
    await sees(ana.message('Third'));
    await seesNo(toEnd);
    await frames(page, 10);
    same('requests for pictures', asked, 0);
    await ana.message('First').scrollIntoViewIfNeeded();
    await sees(page.getByRole('img', { name: 'garden.png' }));
    same('requests for pictures', asked, 1);
  });
}

/** Chrome on Android lets a page ask for notifications, and then throws when it makes one. */
async function refusedNotification(world: InboxWorld): Promise<void> {
  const { report, twilio, longChat } = world;
  const ana = await world.open({ worker: 'Ana Beltrán', screen: DESK });
  const { page } = ana;
  await page.addInitScript(`
    localStorage.setItem('inbox.settings', '{"notifications":true}');
    document.hasFocus = () => false;
    window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal constructor'); } };
  `);
  await ana.goto(`/chats/${longChat.sid}`);
  await sees(ana.log);
  await report.check('a notification that cannot be made does not stop what follows', async () => {
    await twilio.receiveMessage({ from: longChat.address, body: 'STOP' });
    await sees(page.getByText(/opted out of messages/));
    await twilio.receiveMessage({ from: longChat.address, body: 'START' });
    await seesNo(page.getByText(/opted out of messages/));
  });
  await world.done(ana);
}

/** Lets the page draw some frames: it has then done what it does at once. */
async function frames(page: WorkerPage['page'], amount: number): Promise<void> {
  for (let frame = 0; frame < amount; frame += 1) await page.evaluate('new Promise(requestAnimationFrame)');
}

/** Holds the next request of a kind until the test lets it go, or loses it. */
async function hold(page: WorkerPage['page'], method: string, path: string | RegExp) {
  const decided = signal<'release' | 'lose'>();
  let isAsked = false;
  await page.route(
    ({ pathname }) => (typeof path === 'string' ? pathname === path : path.test(pathname)),
    async (route) => {
      // Not by a number of times: requests of other methods would count.
      if (isAsked || route.request().method() !== method) return route.fallback();
      isAsked = true;
      return (await decided.given) === 'lose' ? route.abort() : route.continue();
    },
  );
  return {
    asked: () =>
      becomes(
        `whether ${method} ${path} was asked`,
        () => isAsked,
        (was) => was,
      ),
    release: () => decided.give('release'),
    lose: () => decided.give('lose'),
  };
}

function signal<T = void>() {
  let give: (value: T) => void = () => undefined;
  const given = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

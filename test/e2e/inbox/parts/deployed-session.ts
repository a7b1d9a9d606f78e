import { ANA, BASHIR, DeployedSite } from '../deployed/deployed-site';
import { becomes, same, sees, seesNo } from '../expect';
import type { WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

const PORT = 7_471;
const ROSA = 'Rosa Jackson';
const TANYA = { name: 'Tanya Davis', number: '+13125550122' };

/** What happens to a sign-in: tokens that run out, sign-ins that end, sign-out, and another worker after it. */
export async function deployedSession(world: InboxWorld): Promise<void> {
  const site = await DeployedSite.start(world, PORT);
  try {
    world.report.step('Deployed: tokens');
    await tokens(site);
    world.report.step('Deployed: the end of a sign-in');
    await ends(site);
    world.report.step('Deployed: signing out');
    await signingOut(site);
  } finally {
    await site.close();
  }
}

const pathOf = ({ page }: WorkerPage) => new URL(page.url()).pathname;
const signedOut = ({ page }: WorkerPage) => page.getByText('You were signed out.');
/** What this browser keeps of its workers. */
const kept = ({ page }: WorkerPage) =>
  page.evaluate<readonly string[]>(
    "[localStorage, sessionStorage].flatMap((storage) => Object.keys(storage)).filter((key) => key.startsWith('inbox.') && key !== 'inbox.settings')",
  );

/** Makes the page send a request, unless one of its own has shown the end before. */
async function notice({ page }: WorkerPage): Promise<void> {
  await page
    .getByRole('switch', { name: 'Available' })
    .click({ timeout: 2_000 })
    .catch(() => undefined);
}

async function tokens(site: DeployedSite): Promise<void> {
  const { world, cognito, api } = site;
  const { report } = world;
  const ana = await site.signedIn(ANA, `/chats/${world.longChat.sid}`);
  await sees(ana.composer);

  await report.check('a token that the API rejects is replaced, and the message is sent once', async () => {
    const before = site.grants('refresh_token');
    cognito.pool.expireAccessTokens();
    await ana.write('Sent with a new token');
    await sees(ana.message('Sent with a new token'));
    const sent = () =>
      world.messagesOf(world.longChat.address).filter(({ body }) => body === 'Sent with a new token').length;
    await becomes('messages at Twilio', sent, (count) => count > 0);
    await seesNo(ana.message('Sent with a new token').getByText('Sending'));
    same('refreshes', site.grants('refresh_token'), before + 1);
    same('messages', sent(), 1);
  });
  await report.check('of two tabs one asks for a new token, and the other takes it', async () => {
    const other = await ana.newTab(`/chats/${world.longChat.sid}`);
    await sees(other.composer);
    const before = site.grants('refresh_token');
    cognito.pool.expireAccessTokens();
    await Promise.all([ana, other].map((tab) => tab.page.getByRole('link', { name: 'Customers' }).click()));
    await Promise.all([ana, other].map((tab) => sees(tab.page.locator('.list li'))));
    await becomes(
      'refreshes',
      () => site.grants('refresh_token'),
      (count) => count > before,
    );
    same('refreshes', site.grants('refresh_token'), before + 1);
    const valid = api.seen
      .map(({ token }) => token)
      .filter((token) => cognito.pool.subjectOf(token) !== null);
    same('tokens in use', new Set(valid).size, 1);
    await other.page.close();
  });
  await report.check('short-lived tokens are replaced ahead of their end: the API rejects none', async () => {
    cognito.pool.accessSeconds = 5;
    await ana.page.reload();
    await ana.page.getByRole('navigation').waitFor();
    const other = await ana.newTab('/chats');
    const [before, seen, since] = [site.grants('refresh_token'), api.seen.length, Date.now()];
    for (let second = 0; second < 9; second += 1) {
      await ana.page.waitForTimeout(1_000);
      await ana.page.getByRole('link', { name: second % 2 === 0 ? 'Chats' : 'Customers' }).click();
    }
    same('rejected', api.seen.slice(seen).filter(({ status }) => status === 401).length, 0);
    const refreshes = site.grants('refresh_token') - before;
    const seconds = (Date.now() - since) / 1_000;
    // Each token is replaced after four seconds.
    if (refreshes < 1 || refreshes > seconds / 4 + 1) {
      throw new Error(`Two tabs asked ${refreshes} times in ${seconds} s`);
    }
    cognito.pool.accessSeconds = 900;
    await other.page.close();
  });
  await report.check(
    'a provider that cannot be reached signs no worker out, and a message waits',
    async () => {
      await ana.goto(`/chats/${world.longChat.sid}`);
      await sees(ana.composer);
      cognito.isReachable = false;
      cognito.pool.expireAccessTokens();
      await ana.write('Written while it was down');
      await sees(ana.message('Written while it was down'));
      await ana.page.waitForTimeout(1_500);
      await seesNo(signedOut(ana));
      cognito.isReachable = true;
      await becomes(
        'messages at Twilio',
        () =>
          world.messagesOf(world.longChat.address).filter(({ body }) => body === 'Written while it was down')
            .length,
        (count) => count === 1,
      );
      same('codes redeemed', site.grants('authorization_code'), 1);
    },
  );
  await report.check('messages that two tabs write at the same moment are sent, each once', async () => {
    // Two chats, because tabs share the draft of one.
    await world.twilio.receiveMessage({ from: TANYA.number, body: 'I am here' });
    const other = await ana.newTab('/chats');
    await other.openChat(TANYA.name);
    await sees(other.composer);
    await ana.context.setOffline(true);
    const turns = ['first', 'second', 'third', 'fourth'].map((turn) => `At once, the ${turn}`);
    for (const text of turns) await Promise.all([ana, other].map((tab) => tab.write(text)));
    await ana.context.setOffline(false);
    const sent = (address: string) =>
      world.messagesOf(address).flatMap(({ body }) => (body?.startsWith('At once') ? [body] : []));
    for (const address of [world.longChat.address, TANYA.number]) {
      await becomes(
        'messages at Twilio',
        () => sent(address),
        (bodies) => bodies.length >= turns.length,
      );
      same('messages', sent(address), turns);
    }
    await other.page.close();
  });
  await world.done(ana);
}

async function ends(site: DeployedSite): Promise<void> {
  const { world } = site;
  const { report } = world;
  const chat = `/chats/${world.longChat.sid}`;
  const ana = await site.signedIn(ANA, chat);
  const other = await ana.newTab('/customers');

  await report.check('a sign-in that ended says so in every tab, and keeps what was written', async () => {
    await ana.composer.fill('Half a sentence');
    site.endSignIns(ANA);
    await notice(ana);
    await sees(signedOut(ana));
    await sees(signedOut(other));
    await seesNo(ana.page.getByText(ROSA));
  });
  await report.check('signing in again leads back to the same page, and the draft is there', async () => {
    // The provider's own session lasts an hour.
    await ana.context.clearCookies();
    await ana.button('Sign in').click();
    await site.signIn(ana, ANA);
    await becomes(
      'the address',
      () => pathOf(ana),
      (shown) => shown === chat,
    );
    same('the draft', await ana.composer.inputValue(), 'Half a sentence');
  });
  await report.check('the other tab goes on by itself', async () => {
    await sees(other.page.locator('.list li'));
    await seesNo(signedOut(other));
  });
  await report.check('a colleague who signs in after that sees nothing of it', async () => {
    await other.goto(chat);
    await other.page.route('**/messages', (route) => route.abort());
    await other.write('Never in the name of another');
    await sees(other.message('Never in the name of another'));
    site.endSignIns(ANA);
    await notice(ana);
    await sees(signedOut(ana));
    await ana.context.clearCookies();
    await other.page.unroute('**/messages');
    const before = site.api.seen.length;
    await ana.button('Sign in').click();
    await site.signIn(ana, BASHIR);
    await ana.page.waitForTimeout(2_000);
    const sent = site.api.seen.slice(before).filter(({ target }) => /^POST .*\/messages$/u.test(target));
    same('what was sent', sent, []);
    await becomes(
      'the address',
      () => pathOf(ana),
      (shown) => shown === '/',
    );
    same(
      'what is kept of Ana',
      (await kept(ana)).filter((key) => key.includes('ana')),
      [],
    );
    // The other tab had Ana's data in memory.
    await sees(other.page.getByRole('link', { name: 'Account' }));
    await other.goto('/settings');
    await sees(other.page.getByText(BASHIR.email));
    await seesNo(other.page.getByText(ANA.email));
  });
  await other.page.close();
  await world.done(ana);
}

async function signingOut(site: DeployedSite): Promise<void> {
  const { world, cognito } = site;
  const { report } = world;
  const ana = await site.signedIn(ANA, `/chats/${world.longChat.sid}`);
  await ana.composer.fill('A secret draft');
  const other = await ana.newTab(`/chats/${world.longChat.sid}`);
  const token = await ana.page.evaluate<string>(
    "JSON.parse(localStorage.getItem('inbox.sign-in')).refreshToken",
  );

  await report.check('signing out in one tab empties every tab and this browser', async () => {
    await ana.goto('/settings');
    await ana.button('Sign out').click();
    for (const tab of [ana, other]) await sees(tab.page.getByText('You are signed out.'));
    for (const tab of [ana, other]) {
      same('what is kept', await kept(tab), []);
      await seesNo(tab.page.getByText(ROSA));
    }
  });
  await report.check('the refresh token is revoked and the provider\u2019s own session is over', async () => {
    same('the refresh token', cognito.pool.isValid(token), false);
    same('sign-outs', cognito.seen.filter(({ route }) => route === 'GET /logout').length, 1);
  });
  await report.check('going back shows nothing of the worker', async () => {
    await ana.page.goBack().catch(() => null);
    await ana.page.waitForTimeout(500);
    await seesNo(ana.page.getByText(ROSA));
    await seesNo(ana.page.getByText(ANA.email));
  });
  await report.check('the next one is asked for a password', async () => {
    await other.button('Sign in').click();
    await sees(other.page.getByLabel('Password'));
    await site.signIn(other, BASHIR);
  });
  await report.check('a worker who is removed meanwhile is out at once, and signing out works', async () => {
    // Connected, too.
    await sees(other.page.locator('.list li'));
    await other.page.waitForTimeout(1_000);
    await world.setActive(BASHIR.email, BASHIR.name, false);
    await notice(other);
    await sees(other.page.getByText('You have no access to the inbox.'));
    await other.button('Sign out').click();
    await sees(other.page.getByText('You are signed out.'));
    await world.setActive(BASHIR.email, BASHIR.name, true);
  });
  await report.check(
    'without the provider one is signed out here, and there before the next sign-in',
    async () => {
      const bashir = await site.signedIn(BASHIR);
      await bashir.goto('/settings');
      cognito.isReachable = false;
      await bashir.button('Sign out').click();
      await sees(bashir.page.getByText('You are signed out.'));
      same('what is kept', await kept(bashir), []);
      cognito.isReachable = true;
      await bashir.button('Sign in').click();
      await sees(bashir.page.getByLabel('Password'));
      await world.done(bashir);
    },
  );
  await other.page.close();
  await world.done(ana);
}

import type { Locator } from 'playwright-core';
import { ANA, BASHIR, DeployedSite } from '../deployed/deployed-site';
import { becomes, same, sees, seesNo } from '../expect';
import type { WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

const ROSA = 'Rosa Jackson';

/** What happens to a sign-in: its end, sign-out, and another worker after it. */
export async function deployedSession(world: InboxWorld): Promise<void> {
  const site = await DeployedSite.start(world);
  try {
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

/** Makes the page send requests until it shows that there is no access any more, which one of its own may do before. */
async function notice({ page }: WorkerPage, end: Locator): Promise<void> {
  await becomes(
    'whether the page shows the end',
    async () => {
      await page
        .getByRole('switch', { name: 'Available' })
        .click({ timeout: 2_000 })
        .catch(() => undefined);
      return end.isVisible();
    },
    (isShown) => isShown,
  );
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
    await notice(ana, signedOut(ana));
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
    await notice(ana, signedOut(ana));
    await ana.context.clearCookies();
    await other.page.unroute('**/messages');
    const before = site.api.seen.length;
    await ana.button('Sign in').click();
    await site.signIn(ana, BASHIR);
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
    await sees(other.page.getByText('This chat is not yours'));
    const sent = site.api.seen.slice(before).filter(({ target }) => /^POST .*\/messages$/u.test(target));
    same('what was sent', sent, []);
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
    await becomes(
      'the address',
      () => pathOf(ana),
      (shown) => shown !== '/',
    );
    await sees(ana.page.getByText('You are signed out.'));
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
    const before = other.frames.length;
    await becomes(
      'what came by the socket',
      async () => {
        // The app then asks the server for a sign of life.
        await other.page.evaluate("dispatchEvent(new Event('online'))");
        return other.frames.length;
      },
      (count) => count > before,
    );
    await world.without(BASHIR.email, BASHIR.name, async () => {
      await notice(other, other.page.getByText('You have no access to the inbox.'));
      await other.button('Sign out').click();
      await sees(other.page.getByText('You are signed out.'));
    });
  });
  await report.check(
    'without the provider one is signed out here, and there before the next sign-in',
    async () => {
      const bashir = await site.signedIn(BASHIR);
      await bashir.goto('/settings');
      await site.withoutProvider(async () => {
        await bashir.button('Sign out').click();
        await sees(bashir.page.getByText('You are signed out.'));
        same('what is kept', await kept(bashir), []);
      });
      await bashir.button('Sign in').click();
      await sees(bashir.page.getByLabel('Password'));
      await world.done(bashir);
    },
  );
  await other.page.close();
  await world.done(ana);
}
